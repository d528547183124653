package flotilla.node.data;

import flotilla.node.tls.ClientHello;
import flotilla.node.tls.SessionOffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes data sockets without a lease of their own address ({@code passive.peer = tls}): the TLS session that their
 * ClientHello offers tells their owner. One thread waits for all of them. Their number and their time are limited,
 * because anyone can connect.
 */
final class ForeignSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignSockets.class);
    private static final int HEADER = 5;
    private static final byte HANDSHAKE = 22;

    /** Room for a ClientHello, in bytes. A longer one is not looked at. */
    private static final int MAX_HELLO = 8 * 1024;

    private static final long LOOK_MILLIS = 250;

    private record Waiting(Arrival arrival, ByteBuffer read, long deadline) {}

    /** Takes a socket and the id of the FTP session that its ClientHello names. */
    interface Owned {
        void start(Arrival arrival, String sessionId);
    }

    private final Selector selector;
    private final Function<SessionOffer, Optional<String>> owners;
    private final int most;
    private final Duration patience;
    private final Owned owned;
    private final Consumer<Arrival> nobodys;
    private final Queue<Waiting> fresh = new ConcurrentLinkedQueue<>();
    /** Used by the thread only. */
    private final List<Waiting> decided = new ArrayList<>();

    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Creates the registry and starts its thread.
     *
     * @param owners finds the FTP session of an offered TLS session
     * @param most number of sockets that may wait
     * @param patience how long each may wait
     * @param nobodys takes the sockets for which no session is found
     */
    ForeignSockets(
            Function<SessionOffer, Optional<String>> owners,
            int most,
            Duration patience,
            Owned owned,
            Consumer<Arrival> nobodys)
            throws IOException {
        this.selector = Selector.open();
        this.owners = owners;
        this.most = most;
        this.patience = patience;
        this.owned = owned;
        this.nobodys = nobodys;
        if (most > 0) {
            Thread thread = new Thread(this::run, "flotilla-foreign");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Takes a socket to find its owner. Returns false when there is no room. */
    boolean take(Arrival arrival) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return false;
        }
        ByteBuffer read = ByteBuffer.allocate(MAX_HELLO);
        if (arrival.early().remaining() > MAX_HELLO) {
            waiting.decrementAndGet();
            return false;
        }
        read.put(arrival.early().duplicate());
        fresh.add(new Waiting(arrival, read, System.nanoTime() + patience.toNanos()));
        selector.wakeup();
        return true;
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                selector.select(this::readable, LOOK_MILLIS);
                register();
                handOver();
                giveUpLate();
            } catch (ClosedSelectorException closed) {
                break;
            } catch (IOException e) {
                LOG.warn("data sockets of foreign addresses", e);
            }
        }
        fresh.forEach(left -> left.arrival().close());
    }

    private void register() {
        for (Waiting next = fresh.poll(); next != null; next = fresh.poll()) {
            try {
                next.arrival().socket().configureBlocking(false);
                if (isReady(next.read())) {
                    decided.add(next);
                } else {
                    next.arrival().socket().register(selector, SelectionKey.OP_READ, next);
                }
            } catch (IOException ended) {
                refuse(next);
            }
        }
    }

    private void readable(SelectionKey key) {
        Waiting socket = (Waiting) key.attachment();
        try {
            if (socket.arrival().socket().read(socket.read()) < 0) {
                key.cancel();
                refuse(socket);
            } else if (isReady(socket.read())) {
                key.cancel();
                decided.add(socket);
            }
        } catch (IOException ended) {
            key.cancel();
            refuse(socket);
        }
    }

    /** Returns true when the first record is complete, or cannot be a ClientHello. */
    private static boolean isReady(ByteBuffer read) {
        int have = read.position();
        return have > 0 && read.get(0) != HANDSHAKE
                || !read.hasRemaining()
                || have >= HEADER && have >= HEADER + Short.toUnsignedInt(read.getShort(HEADER - 2));
    }

    /**
     * Passes on the sockets whose ClientHello is complete. A socket of a selector cannot block, and it leaves the
     * selector at the next select only.
     */
    private void handOver() throws IOException {
        if (decided.isEmpty()) {
            return;
        }
        selector.selectNow();
        for (Waiting socket : decided) {
            ByteBuffer early = socket.read().flip();
            Optional<String> owner =
                    ClientHello.bodyIn(early).map(SessionOffer::parse).flatMap(owners);
            if (owner.isPresent() && canBlock(socket)) {
                waiting.decrementAndGet();
                owned.start(socket.arrival().foreign(early), owner.get());
            } else {
                refuse(socket, early);
            }
        }
        decided.clear();
    }

    private static boolean canBlock(Waiting socket) {
        try {
            socket.arrival().socket().configureBlocking(true);
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    private void giveUpLate() {
        long now = System.nanoTime();
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() instanceof Waiting socket && now - socket.deadline() > 0) {
                key.cancel();
                refuse(socket);
            }
        }
    }

    private void refuse(Waiting socket) {
        refuse(socket, socket.read().flip());
    }

    private void refuse(Waiting socket, ByteBuffer early) {
        waiting.decrementAndGet();
        nobodys.accept(socket.arrival().foreign(early));
    }

    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException | ClosedSelectorException e) {
            LOG.debug("closing data sockets of foreign addresses", e);
        }
    }
}
