package flotilla.node.tls;

import flotilla.node.state.ResumableSession;
import flotilla.node.state.Security.TlsFacts;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * Makes server-side TLS engines for FTP sessions. Only an engine of the same FTP session can resume a TLS session
 * (docs/explanation/architecture.md, section TLS).
 */
public interface TlsEngines extends AutoCloseable {
    /**
     * The name of the certificate and the offer for a client of a listener. The first certificate serves hosts that no
     * certificate covers, and clients that name no host. Of several certificates for the same name, the client's
     * signature schemes and suites decide. Empty when the client could get only what the listener does not offer.
     *
     * @param isImplicit true for a client of the implicit listener
     */
    Optional<String> certificateFor(ClientHello hello, boolean isImplicit);

    /**
     * Returns false when a client could get only what is not offered. Engines do not know that.
     *
     * @param certificate a name from {@link #certificateFor}
     */
    default boolean accepts(String certificate, ClientHello hello) {
        return true;
    }

    /**
     * Makes an engine for a connection of {@code sessionId}.
     *
     * @param certificate a name from {@link #certificateFor}; an unknown name stands for the first certificate
     */
    SSLEngine engine(String certificate, String sessionId);

    /**
     * Waits for what is needed to give the client of a control connection further session tickets. Empty when it needs
     * none, or when the engine gives them itself.
     *
     * @param engine an engine whose handshake has not begun
     */
    default Optional<TicketWatch> watch(SSLEngine engine) {
        return Optional.empty();
    }

    /**
     * The secrets with which another node can resume the TLS session of a control connection. Empty when the client
     * takes tickets, or when no session may be resumed.
     *
     * @param engine an engine whose handshake is complete
     * @param certificate the certificate of the engine
     * @param sessionId the FTP session
     */
    default Optional<ResumableSession> resumable(
            SSLEngine engine, ClientHello hello, String certificate, String sessionId) {
        return Optional.empty();
    }

    /**
     * Makes an engine for a data connection that may resume a session from {@link #resumable}, on any node.
     *
     * @param flight the first bytes of the client; they are not consumed
     */
    default SSLEngine engine(String certificate, String sessionId, ResumableSession session, ByteBuffer flight) {
        return engine(certificate, sessionId);
    }

    /**
     * The FTP session of an offered TLS session. Empty when it is unknown: the TLS session is not ours, its ticket is
     * too old, or it has no ticket and is from another node.
     */
    default Optional<String> owner(SessionOffer offer) {
        return Optional.empty();
    }

    /** The SHA-256 of the client's leaf certificate, in lower-case hex; empty for none. */
    default String clientCertificate(SSLEngine engine) {
        return facts(engine, "", "").clientCertificate();
    }

    /** Returns true when an engine can be made now. AUTH is answered with 431 otherwise. */
    default boolean isReady() {
        return true;
    }

    /** Returns true when the engine's handshake resumed an earlier TLS session of the same FTP session. */
    boolean isResumed(SSLEngine engine);

    /** The facts of a complete handshake. */
    TlsFacts facts(SSLEngine engine, String serverName, String certificate);

    /** Frees the engine's memory outside the heap. */
    void release(SSLEngine engine);

    /** Forgets all that is kept for a session that has ended. */
    default void forget(String sessionId) {}

    /**
     * Reads the certificates again. Earlier connections keep theirs.
     *
     * @throws CertificateProblem when a certificate or key cannot be used; the present ones stay in service
     */
    void reload() throws CertificateProblem;

    /**
     * Makes engines as other settings say from now on. Earlier connections keep what they have.
     *
     * @throws CertificateProblem when a certificate or key cannot be used; all stays as it was
     */
    void use(TlsSettings next) throws CertificateProblem;

    /** The certificates that clients can get now, by the names of their files. */
    default Map<String, X509Certificate> certificates() {
        return Map.of();
    }

    /** The name of the implementation, for the log at the start. */
    String description();

    @Override
    void close();
}
