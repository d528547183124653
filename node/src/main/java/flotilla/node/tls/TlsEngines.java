package flotilla.node.tls;

import flotilla.node.state.ResumableSession;
import flotilla.node.state.Security.TlsFacts;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * Makes server-side TLS engines that belong to a session: a TLS session can be resumed only by an engine of the same
 * FTP session (architecture.md, "TLS").
 */
public interface TlsEngines extends AutoCloseable {
    /** The name of the certificate for a host the client asked for; of the first one when nothing fits or nothing was asked. */
    String certificateFor(String serverName);

    /**
     * An engine for a connection of {@code sessionId}.
     *
     * @param certificate as {@link #certificateFor} names it; an unknown name stands for the first certificate
     */
    SSLEngine engine(String certificate, String sessionId);

    /**
     * What another node needs to resume the session of a control connection whose client takes no tickets; empty when tickets do, or nothing may
     * be resumed.
     *
     * @param engine whose handshake is done
     * @param certificate that it was made with
     * @param sessionId the FTP session
     */
    default Optional<ResumableSession> resumable(
            SSLEngine engine, ClientHello hello, String certificate, String sessionId) {
        return Optional.empty();
    }

    /**
     * An engine for a data connection of a session that {@link #resumable} told of, wherever that was.
     *
     * @param flight the first bytes the client sent; they are not consumed
     */
    default SSLEngine engine(String certificate, String sessionId, ResumableSession session, ByteBuffer flight) {
        return engine(certificate, sessionId);
    }

    /**
     * The FTP session that an offered TLS session belongs to; empty when that is not known: it is none of ours, its ticket is too old, or it has no ticket and
     * was made on another node.
     */
    default Optional<String> owner(SessionOffer offer) {
        return Optional.empty();
    }

    /** SHA-256 of the client's leaf certificate, lower-case hex; empty for none. */
    default String clientCertificate(SSLEngine engine) {
        return facts(engine, "", "").clientCertificate();
    }

    /** Whether an engine can be made now: AUTH is 431 while not. */
    default boolean isReady() {
        return true;
    }

    /** Whether the handshake of an engine made here continued an earlier TLS session of the same FTP session. */
    boolean isResumed(SSLEngine engine);

    /** What the handshake settled. */
    TlsFacts facts(SSLEngine engine, String serverName, String certificate);

    /** Frees what an engine holds outside the heap. */
    void release(SSLEngine engine);

    /** Forgets what is kept for a session that ended. */
    default void forget(String sessionId) {}

    /** Reads the certificates again; connections made before keep theirs. */
    void reload() throws CertificateProblem;

    /** For the log at start: which implementation this is. */
    String description();

    @Override
    void close();
}
