package flotilla.node.tls;

import flotilla.node.state.ResumableSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerProtocol;

/**
 * A server-side engine that resumes one given TLS 1.2 session (RFC 5246, section 7.3). A client that asks for another
 * session, or does not know the master secret, gets an alert. It uses BouncyCastle, because BoringSSL's Java binding
 * takes no session from outside.
 */
final class ResumingEngine extends ServerEngine {
    private static final int HEADER = 5;
    private static final int MAX_PLAINTEXT = 16 * 1024;
    private static final int MAX_FRAGMENT = MAX_PLAINTEXT + 2048;
    /** More bytes than header, nonce and tag of any suite take. */
    private static final int OVERHEAD = 64;

    private final ResumableSession session;
    private final ResumingServer server;
    private final TlsServerProtocol protocol = new NoRenegotiation();
    private final byte[] record = new byte[HEADER + MAX_FRAGMENT];
    private final byte[] fragment = new byte[MAX_PLAINTEXT];
    /** Number of bytes of a record that is not whole yet. */
    private int gathered;

    private boolean begun;

    ResumingEngine(ResumableSession session) {
        super(suite(session));
        this.session = session;
        this.server = new ResumingServer(session);
    }

    /**
     * Refuses renegotiation with a fatal alert: a plain refusal would wait for a write, and none comes while the client
     * uploads.
     */
    private static final class NoRenegotiation extends TlsServerProtocol {
        @Override
        protected boolean handleRenegotiation() throws IOException {
            throw new TlsFatalAlert(AlertDescription.no_renegotiation);
        }
    }

    @Override
    public void beginHandshake() throws SSLException {
        if (!begun) {
            begun = true;
            try {
                protocol.accept(server);
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    /** Returns true when the ClientHello asked for the session and gets it. */
    boolean isResumed() {
        return server.isResumed();
    }

    /** See {@link ResumableSession#clientCertificate}. */
    String clientCertificate() {
        return session.clientCertificate();
    }

    /** Forgets the master secret. */
    void forget() {
        server.forget();
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer target) throws SSLException {
        int start = source.position();
        boolean wasEstablished = server.isEstablished();
        int produced = decrypted(target);
        while (mayReadOn(target, wasEstablished) && gather(source)) {
            try {
                protocol.offerInput(record, 0, gathered);
            } catch (IOException e) {
                throw failed(e);
            } finally {
                gathered = 0;
            }
            produced += decrypted(target);
        }
        int consumed = source.position() - start;
        HandshakeStatus handshake =
                server.isEstablished() && !wasEstablished ? HandshakeStatus.FINISHED : getHandshakeStatus();
        return new SSLEngineResult(unwrapStatus(target, consumed, produced), handshake, consumed, produced);
    }

    /** Returns true while more records may be read; during the handshake, only until it is our turn to answer. */
    private boolean mayReadOn(ByteBuffer target, boolean wasEstablished) {
        return !protocol.isClosed()
                && (wasEstablished
                        ? target.hasRemaining()
                        : !server.isEstablished() && getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP);
    }

    private Status unwrapStatus(ByteBuffer target, int consumed, int produced) {
        if (protocol.getAvailableInputBytes() > 0) {
            return target.hasRemaining() || produced > 0 ? Status.OK : Status.BUFFER_OVERFLOW;
        }
        if (protocol.isClosed()) {
            return Status.CLOSED;
        }
        return consumed + produced > 0 ? Status.OK : Status.BUFFER_UNDERFLOW;
    }

    /**
     * Collects the next record. Returns true once it is whole. The buffer of the network may be smaller than a record.
     */
    private boolean gather(ByteBuffer source) throws SSLException {
        take(source, HEADER);
        if (gathered < HEADER) {
            return false;
        }
        int length = (record[3] & 0xff) << 8 | record[4] & 0xff;
        if (length > MAX_FRAGMENT) {
            throw new SSLException("a record of " + length + " bytes");
        }
        take(source, HEADER + length);
        return gathered == HEADER + length;
    }

    private void take(ByteBuffer source, int upTo) {
        int count = Math.min(upTo - gathered, source.remaining());
        if (count > 0) {
            source.get(record, gathered, count);
            gathered += count;
        }
    }

    private int decrypted(ByteBuffer target) {
        int count = Math.min(protocol.getAvailableInputBytes(), target.remaining());
        return count == 0 ? 0 : protocol.readInput(target, count);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer source, ByteBuffer target) throws SSLException {
        int start = source.position();
        int produced = encrypted(target);
        if (protocol.isClosed()) {
            return new SSLEngineResult(
                    hasOutput() ? Status.BUFFER_OVERFLOW : Status.CLOSED, getHandshakeStatus(), 0, produced);
        }
        while (source.hasRemaining() && server.isEstablished() && !hasOutput()) {
            int count = Math.min(source.remaining(), MAX_PLAINTEXT);
            if (target.remaining() < count + OVERHEAD) {
                break;
            }
            source.get(fragment, 0, count);
            try {
                protocol.writeApplicationData(fragment, 0, count);
            } catch (IOException e) {
                throw failed(e);
            }
            produced += encrypted(target);
        }
        boolean isStuck = produced == 0 && (source.hasRemaining() || hasOutput());
        return new SSLEngineResult(
                isStuck ? Status.BUFFER_OVERFLOW : Status.OK,
                getHandshakeStatus(),
                source.position() - start,
                produced);
    }

    private int encrypted(ByteBuffer target) {
        int count = Math.min(protocol.getAvailableOutputBytes(), target.remaining());
        return count == 0 ? 0 : protocol.readOutput(target, count);
    }

    private boolean hasOutput() {
        return protocol.getAvailableOutputBytes() > 0;
    }

    private static String suite(ResumableSession session) {
        return CipherSuite.of(session.cipherSuite()).map(CipherSuite::name).orElse("unknown");
    }

    private static SSLException failed(IOException cause) {
        return cause instanceof SSLException known ? known : new SSLException(cause.getMessage(), cause);
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (!begun || server.isEstablished()) {
            return HandshakeStatus.NOT_HANDSHAKING;
        }
        return hasOutput() ? HandshakeStatus.NEED_WRAP : HandshakeStatus.NEED_UNWRAP;
    }

    @Override
    public void closeInbound() {
        // The reader decides if the client has ended its stream.
    }

    @Override
    public boolean isInboundDone() {
        return server.hasEnded() && protocol.getAvailableInputBytes() == 0;
    }

    /** Queues the alert for the next {@link #wrap}. */
    @Override
    public void closeOutbound() {
        try {
            protocol.close();
        } catch (IOException nothingCanBeSaid) {
            forget();
        }
    }

    @Override
    public boolean isOutboundDone() {
        return protocol.isClosed() && !hasOutput();
    }

    @Override
    public SSLSession getSession() {
        return new ResumedSession(session.id(), server.isEstablished() ? suite(session) : "SSL_NULL_WITH_NULL_NULL");
    }
}
