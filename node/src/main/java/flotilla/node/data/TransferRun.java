package flotilla.node.data;

import flotilla.node.data.Contests.Claim;
import flotilla.node.data.Throttles.Throttle;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NotRecordedException;
import flotilla.node.tls.TlsFailures;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.Failures;
import flotilla.node.tree.UserTree;
import flotilla.storage.StorageException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one data connection from its handshake to its close, on a thread of its own. It may block anywhere, also for its
 * order; the watchdog and {@link #abort} end it by closing the socket.
 */
final class TransferRun implements Runnable, Watchdog.Watched, Mover.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(TransferRun.class);

    private final DataPlane plane;
    private final SocketChannel channel;
    private final ByteBuffer early;
    private final String sessionId;
    private final Protection protection;
    private final DataHandshake handshake;
    private final Claim claim;
    private final Consumer<TransferResult> done;
    private final CompletableFuture<TransferOrder> ordered = new CompletableFuture<>();
    /** The executor of the actor that gave the order. The result costs least there. */
    private volatile Executor home;

    private volatile long started = System.nanoTime();
    private volatile long deadline;
    private boolean isShaking = true;
    private volatile Ending overdue = Ending.TLS_FAILED;
    private volatile @Nullable Ending stopped;
    private volatile BooleanSupplier frozen = () -> false;
    private volatile long bytes;
    private LongAdder counted = new LongAdder();
    private long transferId;
    private boolean isDownload;

    /**
     * Creates the run.
     *
     * @param early bytes of the client that are read already
     * @param protection protection of the handshake; an order with another level fails
     * @param claim gets the news that the connection belongs to the session
     * @param kinship see {@link DataHandshake}
     * @param done gets the result, on a thread of actors
     */
    TransferRun(
            DataPlane plane,
            SocketChannel channel,
            ByteBuffer early,
            String sessionId,
            Protection protection,
            Claim claim,
            Predicate<String> kinship,
            Consumer<TransferResult> done) {
        this.plane = plane;
        this.channel = channel;
        this.early = early;
        this.sessionId = sessionId;
        this.protection = protection;
        this.claim = claim;
        this.handshake = new DataHandshake(plane.tls(), sessionId, protection, kinship);
        this.done = done;
        this.home = plane.threads().current();
        // A client connects before it sends its command. It speaks after the 150, which may wait for a lock.
        this.deadline = Watchdog.after(DataPlane.ORDER_WAIT);
    }

    /** Gives the order, before the handshake is complete or after. */
    void order(TransferOrder order) {
        started = System.nanoTime();
        home = plane.threads().current();
        shakesHands(true);
        ordered.complete(order);
    }

    /**
     * Gives the client its full time for the handshake from the order on, unless the handshake is over.
     *
     * @param still false when the handshake is over
     */
    private synchronized void shakesHands(boolean still) {
        isShaking &= still;
        if (isShaking) {
            deadline = Watchdog.after(plane.settings().handshakeTimeout());
        }
    }

    @Override
    public void run() {
        Buffers.Lent buffers = lent();
        if (buffers == null) {
            report(result(Ending.NO_CAPACITY, "no memory for its buffers"));
            close();
            return;
        }
        plane.watchdog().watch(this);
        TransferResult result = performed(buffers);
        report(result);
        if (result.isComplete() && isDownload) {
            linger(buffers.netIn());
        }
        close();
        plane.buffers().giveBack(buffers);
    }

    private void report(TransferResult result) {
        try {
            home.execute(() -> done.accept(result));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the node has stopped, nobody hears of a transfer of session {}", sessionId);
        }
    }

    private TransferResult performed(Buffers.Lent buffers) {
        try {
            return perform(buffers);
        } catch (Throwable bug) {
            LOG.error("transfer of session {} failed", sessionId, bug);
            return result(Ending.FAILED, bug.toString());
        } finally {
            plane.watchdog().forget(this);
        }
    }

    /** Returns null when there is no memory for the buffers: the session must get that result like any other. */
    private Buffers.@Nullable Lent lent() {
        try {
            return plane.buffers().lend();
        } catch (OutOfMemoryError full) {
            LOG.warn("a transfer is refused: {}", full.getMessage());
            return null;
        }
    }

    private TransferResult perform(Buffers.Lent buffers) {
        SSLEngine engine = null;
        try {
            if (!protection.tls()) {
                claim.taken();
                return move(awaitOrder(), new PlainSocket(channel, early), buffers, ByteBuffer.allocate(0));
            }
            buffers.netIn().put(early);
            engine = handshake.engine(channel, buffers.netIn());
            TlsSocket socket = new TlsSocket(channel, engine, buffers.netIn(), buffers.netOut());
            ByteBuffer first = buffers.plain();
            socket.handshake(handshake::isBound, first);
            claim.taken();
            plane.events().accept(new NodeEvent.DataSecured(engine.getSession().getProtocol(), handshake.isResumed()));
            if (!handshake.hasClientCertificate(engine)) {
                return result(Ending.WRONG_CERTIFICATE, "");
            }
            return move(awaitOrder(), socket, buffers, first);
        } catch (TlsSocket.Refused notBound) {
            return result(Ending.NOT_RESUMED, "");
        } catch (IOException | RuntimeException e) {
            return result(stopped != null ? stopped : Ending.TLS_FAILED, TlsFailures.reason(e));
        } finally {
            if (engine != null) {
                plane.tls().release(engine);
            }
        }
    }

    private TransferOrder awaitOrder() throws IOException {
        shakesHands(false);
        overdue = Ending.LOST;
        deadline = Watchdog.after(DataPlane.ORDER_WAIT);
        try {
            TransferOrder order = ordered.get(2 * DataPlane.ORDER_WAIT.toSeconds(), TimeUnit.SECONDS);
            if (order.protection().tls() != protection.tls()) {
                throw new IOException("the protection level was changed after the data connection was made");
            }
            transferId = order.transferId();
            isDownload = !order.transfer().isUpload();
            counted = plane.traffic().counter(Traffic.Direction.of(order.transfer()));
            return order;
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            throw new IOException("no transfer command came", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Moves the bytes.
     *
     * @param first application data that came with the handshake, flipped for reading; may be the plaintext buffer
     *     itself
     */
    private TransferResult move(TransferOrder order, DataSocket socket, Buffers.Lent buffers, ByteBuffer first) {
        moving();
        Runnable ended = plane.live().begin(sessionId, order.transferId(), handshake.isResumed(), this::bytes);
        long rate = order.bytesPerSecond();
        frozen = FreezeGate.of(plane.freezes(), order, channel.socket().getInetAddress());
        try (Throttle throttle = new FreezeGate(
                plane.throttles().open(order.user(), order.transfer().isUpload(), rate), frozen, this::isOver)) {
            if (isDownload) {
                // The short segment at the end of each large write may wait for the next write; FIN sends the last one.
                channel.setOption(StandardSocketOptions.TCP_NODELAY, false);
            }
            UserTree tree = UserTree.open(plane.backends(), order.mount());
            Mover mover = new Mover(plane, order, tree, throttle, this);
            TransferResult moved = moved(mover.move(socket, buffers, first));
            if (moved.isComplete() && order.transfer().isUpload()) {
                plane.backends().stored(order.place());
            }
            return moved;
        } catch (StorageException e) {
            plane.backends().failed(order.place(), e);
            return ofStorage(e);
        } catch (Mover.NotRecorded e) {
            return result(Ending.FAILED, String.valueOf(e.getMessage()), NotRecordedException.REASON);
        } catch (Refused e) {
            return result(stopped != null ? stopped : e.ending(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return result(stopped != null ? stopped : Ending.LOST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("a transfer of session {} failed", sessionId, e);
            return result(
                    stopped != null ? stopped : Ending.FAILED,
                    String.valueOf(Failures.unwrapped(e).getMessage()));
        } finally {
            ended.run();
        }
    }

    private TransferResult moved(Ending ending) {
        Ending why = stopped;
        return result(ending == Ending.ABORTED && why != null ? why : ending, "");
    }

    private TransferResult ofStorage(StorageException e) {
        String detail = String.valueOf(e.getMessage());
        return stopped != null
                ? result(stopped, detail)
                : result(Ending.of(e.reason()), detail, e.reason().name());
    }

    private void moving() {
        overdue = Ending.STALLED;
        deadline = Watchdog.after(plane.settings().stallTimeout());
    }

    /** Notes progress. The mover calls it after each chunk, also when a throttle slows the transfer down. */
    @Override
    public void moved(long total) {
        counted.add(total - bytes);
        bytes = total;
        deadline = Watchdog.after(plane.settings().stallTimeout());
    }

    @Override
    public void copying(long length) {
        deadline = Watchdog.after(Watchdog.patience(plane.settings().stallTimeout(), length));
    }

    @Override
    public boolean isOver() {
        return stopped != null;
    }

    /**
     * Returns true when the connection was refused because it offered the TLS session of another client. Valid at its
     * end.
     */
    boolean isStrangers() {
        return handshake.isStrangers();
    }

    /** Number of bytes moved so far, for STAT. */
    long bytes() {
        return bytes;
    }

    /**
     * Reads until the client closes: a close while its last bytes are on the way would reset the connection before it
     * has read all.
     */
    private void linger(ByteBuffer scratch) {
        deadline = Watchdog.after(DataPlane.LINGER);
        plane.watchdog().watch(this);
        try {
            do {
                scratch.clear();
            } while (channel.read(scratch) >= 0);
        } catch (IOException clientIsGone) {
            LOG.trace("linger", clientIsGone);
        } finally {
            plane.watchdog().forget(this);
        }
    }

    void abort() {
        ordered.cancel(false);
        stop(Ending.ABORTED);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void overdue() {
        if (overdue == Ending.STALLED && stopped == null && frozen.getAsBoolean()) {
            deadline = Watchdog.after(plane.settings().stallTimeout());
            plane.watchdog().watch(this);
            return;
        }
        ordered.cancel(false);
        stop(overdue);
    }

    private void stop(Ending ending) {
        if (stopped == null) {
            stopped = ending;
        }
        close();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a data connection", e);
        }
    }

    private TransferResult result(Ending ending, String detail) {
        return result(ending, detail, "");
    }

    private TransferResult result(Ending ending, String detail, String reason) {
        long millis = (System.nanoTime() - started) / 1_000_000;
        return new TransferResult(
                transferId, ending, bytes, millis, handshake.isResumed(), detail, plane.node(), reason);
    }
}
