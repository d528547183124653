package flotilla.node.state;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.util.Optional;

/**
 * The protection of a session's connections (RFC 4217).
 *
 * @param tls true when the control connection is under TLS
 * @param facts the facts of its handshake; {@link TlsFacts#NONE} without TLS
 * @param bufferSizeSet true after PBSZ
 * @param dataTls true after PROT P
 * @param cleared true when CCC has ended TLS; data connections keep their protection
 */
public record Security(
        @Tag(1) boolean tls,
        @Tag(2) TlsFacts facts,
        @Tag(3) boolean bufferSizeSet,
        @Tag(4) boolean dataTls,
        @Tag(5) boolean cleared)
        implements Wire {

    /**
     * The facts of a TLS handshake.
     *
     * @param version such as TLSv1.3
     * @param resumed true when it resumed an earlier session
     * @param serverName server name of the client (SNI); empty for none
     * @param certificate name of the server certificate
     * @param clientCertificate SHA-256 of the client's leaf certificate, in lower-case hex; empty for none
     * @param clientSubject subject of that certificate (RFC 2253); empty for none
     * @param resumable resumes the session for data connections of a client without session tickets
     */
    public record TlsFacts(
            @Tag(1) String version,
            @Tag(2) String cipher,
            @Tag(3) boolean resumed,
            @Tag(4) String serverName,
            @Tag(5) String certificate,
            @Tag(6) String clientCertificate,
            @Tag(7) String clientSubject,
            @Tag(8) Optional<ResumableSession> resumable)
            implements Wire {
        public static final TlsFacts NONE = new TlsFacts("", "", false, "", "", "", "");

        /** The facts of a session that only tickets can resume. */
        public TlsFacts(
                String version,
                String cipher,
                boolean resumed,
                String serverName,
                String certificate,
                String clientCertificate,
                String clientSubject) {
            this(version, cipher, resumed, serverName, certificate, clientCertificate, clientSubject, Optional.empty());
        }

        /** The same with the secrets that resume the session by its id. */
        public TlsFacts with(Optional<ResumableSession> session) {
            return new TlsFacts(
                    version, cipher, resumed, serverName, certificate, clientCertificate, clientSubject, session);
        }
    }

    public static final Security CLEAR = new Security(false, TlsFacts.NONE, false, false, false);

    /**
     * After a handshake: data connections are in clear until PROT P with explicit TLS, and protected with implicit TLS.
     */
    public static Security established(TlsFacts facts, boolean implicit) {
        return new Security(true, facts, implicit, implicit, false);
    }

    /** After PBSZ. */
    public Security withBufferSize() {
        return new Security(tls, facts, true, dataTls, cleared);
    }

    /**
     * After PROT.
     *
     * @param on true for PROT P
     */
    public Security withDataTls(boolean on) {
        return new Security(tls, facts, bufferSizeSet, on, cleared);
    }

    /** After AUTH: PBSZ and PROT must be sent again. */
    public Security unprotected() {
        return new Security(tls, facts, false, false, cleared);
    }

    /** After CCC: the control connection is in clear. */
    public Security inClear() {
        return new Security(false, facts, bufferSizeSet, dataTls, true);
    }
}
