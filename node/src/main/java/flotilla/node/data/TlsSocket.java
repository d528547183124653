package flotilla.node.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * A data connection under TLS (PROT P). The engine works on large direct buffers, many records a call: plaintext buffer
 * → records in one output buffer → one write. It writes nothing while a client uploads: an unread ticket in the
 * client's socket would turn its close into a reset (docs/explanation/architecture.md, section TLS).
 */
final class TlsSocket implements DataSocket {
    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer netIn;
    private final ByteBuffer netOut;
    private boolean eof;

    /**
     * Creates the stream.
     *
     * @param netIn in write mode; empty, or with bytes that were read before
     * @param netOut in write mode; both buffers are lent for the life of the socket
     */
    TlsSocket(SocketChannel channel, SSLEngine engine, ByteBuffer netIn, ByteBuffer netOut) {
        this.channel = channel;
        this.engine = engine;
        this.netIn = netIn;
        this.netOut = netOut;
    }

    /** Decides if the handshake continues once the ClientHello is read. Nothing has been sent then. */
    interface Gate {
        Gate OPEN = engine -> true;

        boolean goesOn(SSLEngine engine);
    }

    /** The gate has refused the client. The client got nothing, so no ticket either. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("refused after the ClientHello");
        }
    }

    /**
     * Performs the handshake as the server.
     *
     * @param gate asked before the first flight is sent
     * @param early takes application data that came with the client's last flight; flipped for reading on return
     * @throws Refused when the gate refuses the client
     * @throws IOException when the handshake fails
     */
    void handshake(Gate gate, ByteBuffer early) throws IOException {
        engine.beginHandshake();
        HandshakeStatus status = engine.getHandshakeStatus();
        boolean asked = false;
        while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
            if (status == HandshakeStatus.NEED_WRAP && !asked) {
                asked = true;
                if (!gate.goesOn(engine)) {
                    throw new Refused();
                }
            }
            status = switch (status) {
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrapHandshake(early);
                case NEED_WRAP -> wrapHandshake();
                case NEED_TASK -> runTasks();
                default -> throw new SSLException("unexpected handshake status " + status);
            };
        }
        flush();
        early.flip();
    }

    private HandshakeStatus unwrapHandshake(ByteBuffer early) throws IOException {
        netIn.flip();
        SSLEngineResult result;
        try {
            result = engine.unwrap(netIn, early);
        } catch (SSLException e) {
            sendAlert();
            throw e;
        } finally {
            netIn.compact();
        }
        // A client with nothing to send may close at once: its close_notify comes with its Finished.
        if (result.getStatus() == Status.CLOSED) {
            if (!isEstablished()) {
                throw new SSLException("closed during the handshake");
            }
            return HandshakeStatus.FINISHED;
        }
        // The engine may consume the last flight and report an underflow, so more is read only while it is needed.
        boolean needsMore = result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP
                && (result.getStatus() == Status.BUFFER_UNDERFLOW || result.bytesConsumed() == 0);
        if (needsMore) {
            flush();
            if (channel.read(netIn) < 0) {
                throw new SSLException("connection closed during the handshake");
            }
        }
        return result.getHandshakeStatus();
    }

    private boolean isEstablished() {
        return !engine.getSession().getCipherSuite().startsWith("SSL_NULL");
    }

    private HandshakeStatus wrapHandshake() throws IOException {
        SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), netOut);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            flush();
        }
        if (result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            flush();
        }
        return result.getHandshakeStatus();
    }

    private HandshakeStatus runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        return engine.getHandshakeStatus();
    }

    private void sendAlert() {
        try {
            engine.wrap(ByteBuffer.allocate(0), netOut);
            flush();
        } catch (IOException | RuntimeException alertLost) {
            netOut.clear();
        }
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        while (buffer.position() == start) {
            if (engine.isInboundDone() || eof && netIn.position() == 0) {
                return -1;
            }
            netIn.flip();
            SSLEngineResult result;
            try {
                result = engine.unwrap(netIn, buffer);
            } finally {
                netIn.compact();
            }
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                runTasks();
            }
            boolean idle = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
            if (result.getStatus() != Status.CLOSED && idle && !fill()) {
                return -1;
            }
        }
        return buffer.position() - start;
    }

    /** Reads more records. Returns false at the end of the stream. */
    private boolean fill() throws IOException {
        if (!netIn.hasRemaining()) {
            throw new SSLException("a record larger than the buffer");
        }
        eof = channel.read(netIn) < 0;
        return !eof;
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            wrap(buffer);
            flush();
        }
    }

    private void wrap(ByteBuffer buffer) throws IOException {
        SSLEngineResult result = engine.wrap(buffer, netOut);
        if (result.getStatus() == Status.CLOSED) {
            throw new SSLException("the client closed the connection");
        }
        if (result.getStatus() == Status.BUFFER_OVERFLOW && netOut.position() == 0) {
            throw new SSLException("a record larger than the buffer");
        }
    }

    /** Sends the last records and close_notify in one write if they fit: a small file costs one system call. */
    @Override
    public void finish(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            wrap(buffer);
            if (buffer.hasRemaining() || netOut.remaining() < MAX_ALERT) {
                flush();
            }
        }
        closeNotify();
        channel.shutdownOutput();
    }

    private static final int MAX_ALERT = 2048;

    private void closeNotify() throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), netOut);
            if (result.bytesProduced() == 0 && result.getStatus() != Status.BUFFER_OVERFLOW) {
                break;
            }
            flush();
        }
        flush();
    }

    private void flush() throws IOException {
        netOut.flip();
        while (netOut.hasRemaining()) {
            channel.write(netOut);
        }
        netOut.clear();
    }

    @Override
    public void acknowledgeEnd() {
        try {
            closeNotify();
        } catch (IOException | RuntimeException clientIsGone) {
            netOut.clear();
        }
    }

    @Override
    public boolean endedCleanly() {
        return engine.isInboundDone();
    }
}
