package flotilla.node.state;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.util.Optional;

/**
 * How the connections of a session are protected (RFC 4217).
 *
 * @param tls whether the control connection is
 * @param facts what was negotiated; blank when not
 * @param bufferSizeSet whether PBSZ was given
 * @param dataTls PROT P
 * @param cleared TLS was on and CCC ended it; data connections keep their protection
 */
public record Security(
        @Tag(1) boolean tls,
        @Tag(2) TlsFacts facts,
        @Tag(3) boolean bufferSizeSet,
        @Tag(4) boolean dataTls,
        @Tag(5) boolean cleared)
        implements Wire {

    /**
     * What a TLS handshake settled.
     *
     * @param version such as TLSv1.3
     * @param resumed whether it continued an earlier session
     * @param serverName SNI, empty for none
     * @param certificate name of the server certificate that was used
     * @param clientCertificate SHA-256 of the client's leaf, lower-case hex; empty for none
     * @param clientSubject its subject (RFC 2253); empty for none
     * @param resumable for the data connections of a client without session tickets
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

        /** Facts of a session that only tickets resume, if anything does. */
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

        /** The same with what resumes the session by its id. */
        public TlsFacts with(Optional<ResumableSession> session) {
            return new TlsFacts(
                    version, cipher, resumed, serverName, certificate, clientCertificate, clientSubject, session);
        }
    }

    public static final Security CLEAR = new Security(false, TlsFacts.NONE, false, false, false);

    /** After a handshake: explicit TLS leaves data in clear until PROT P, implicit TLS begins with P. */
    public static Security established(TlsFacts facts, boolean implicit) {
        return new Security(true, facts, implicit, implicit, false);
    }

    public Security withBufferSize() {
        return new Security(tls, facts, true, dataTls, cleared);
    }

    public Security withDataTls(boolean on) {
        return new Security(tls, facts, bufferSizeSet, on, cleared);
    }

    /** As after AUTH: PBSZ and PROT are to be given again. */
    public Security unprotected() {
        return new Security(tls, facts, false, false, cleared);
    }

    /** As after CCC: the control connection goes on in clear. */
    public Security inClear() {
        return new Security(false, facts, bufferSizeSet, dataTls, true);
    }
}
