package flotilla.node.scan;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * A connection to a scanner whose every wait ends with its {@link Turn}. TCP or UNIX. One thread uses it.
 *
 * <p>A scanner may answer before it has all bytes, and close. So each write looks for an answer first, and a write that
 * fails is no failure while there is an answer to read.
 */
final class ScannerSocket implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Turn turn;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).limit(0);

    private ScannerSocket(SocketChannel channel, Turn turn) throws IOException {
        this.channel = channel;
        this.turn = turn;
        this.selector = Selector.open();
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    /**
     * Connects.
     *
     * @throws SocketTimeoutException when the time of the turn is used up, here and in all other methods
     */
    static ScannerSocket connect(SocketAddress address, Turn turn) throws IOException, ScanStopped {
        if (address instanceof InetSocketAddress named && named.isUnresolved()) {
            throw new ConnectException("the name " + named.getHostString() + " is not known");
        }
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        ScannerSocket socket;
        try {
            socket = new ScannerSocket(channel, turn);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        try {
            if (!channel.connect(address)) {
                do {
                    socket.await(SelectionKey.OP_CONNECT);
                } while (!channel.finishConnect());
            }
            return socket;
        } catch (IOException | ScanStopped | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits until one of the operations is possible. */
    private void await(int operations) throws IOException, ScanStopped {
        key.interestOps(operations);
        do {
            long millis = turn.look();
            if (millis == 0) {
                throw new SocketTimeoutException("no answer in time");
            }
            selector.select(millis);
        } while (selector.selectedKeys().isEmpty());
        selector.selectedKeys().clear();
    }

    /**
     * Writes all of {@code bytes}, unless the scanner says something meanwhile.
     *
     * @return false when there is something to read, or the scanner takes nothing more; the rest is not written
     */
    boolean write(ByteBuffer bytes) throws IOException, ScanStopped {
        while (bytes.hasRemaining()) {
            if (in.hasRemaining()) {
                return false;
            }
            await(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
            if (key.isReadable()) {
                return false;
            }
            try {
                channel.write(bytes);
            } catch (IOException closed) {
                return false;
            }
        }
        return true;
    }

    /** Takes what the scanner says. */
    interface Taker {
        /** Takes all of {@code bytes} that it can use. */
        void take(ByteBuffer bytes) throws IOException;
    }

    /**
     * Writes all of {@code bytes}, and gives {@code taker} what the scanner says meanwhile.
     *
     * @return false when the scanner takes nothing more; the rest is not written
     */
    boolean write(ByteBuffer bytes, Taker taker) throws IOException, ScanStopped {
        while (bytes.hasRemaining()) {
            taker.take(in);
            in.position(in.limit());
            await(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
            if (key.isReadable() && !fill()) {
                return false;
            }
            try {
                if (key.isWritable()) {
                    channel.write(bytes);
                }
            } catch (IOException closed) {
                return false;
            }
        }
        return true;
    }

    /**
     * Gives {@code taker} what the scanner says until it has all.
     *
     * @return false when the connection ends before
     */
    boolean drain(Taker taker, BooleanSupplier hasAll) throws IOException, ScanStopped {
        taker.take(in);
        while (!hasAll.getAsBoolean()) {
            await(SelectionKey.OP_READ);
            if (!fill()) {
                return false;
            }
            taker.take(in);
        }
        return true;
    }

    /** Reads what is there into the empty buffer. Returns false at the end. */
    private boolean fill() throws IOException {
        in.clear();
        int count = channel.read(in);
        in.flip();
        return count >= 0;
    }

    /** Reads one byte; -1 at the end. */
    int read() throws IOException, ScanStopped {
        while (!in.hasRemaining()) {
            await(SelectionKey.OP_READ);
            if (!fill()) {
                return -1;
            }
        }
        return in.get() & 0xFF;
    }

    /**
     * Reads a line without its end. A line that ends with the connection counts.
     *
     * @param end the byte after the line
     * @param most most bytes of the line
     * @throws EOFException when the connection ends before the line begins
     * @throws ProtocolProblem when the line is longer
     */
    String line(int end, int most) throws IOException, ScanStopped {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next != end; next = read()) {
            if (next < 0 && line.isEmpty()) {
                throw new EOFException("the scanner closed the connection");
            }
            if (next < 0) {
                break;
            }
            if (line.length() == most) {
                throw new ProtocolProblem("a line of the answer is too long");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    /** Returns the bytes of a text in ASCII. */
    static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
