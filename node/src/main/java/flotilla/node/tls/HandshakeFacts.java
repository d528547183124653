package flotilla.node.tls;

import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.TlsSettings.ClientAuth;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Reads the facts of a complete handshake. */
final class HandshakeFacts {
    private HandshakeFacts() {}

    static TlsFacts of(
            SSLSession session, ClientAuth clientAuth, boolean resumed, String serverName, String certificate) {
        String fingerprint = "";
        String subject = "";
        if (clientAuth != ClientAuth.OFF) {
            try {
                Certificate leaf = session.getPeerCertificates()[0];
                fingerprint = Certificates.fingerprint(leaf);
                subject = leaf instanceof X509Certificate x509 ? Certificates.subject(x509) : "";
            } catch (SSLPeerUnverifiedException none) {
                fingerprint = "";
            }
        }
        return new TlsFacts(
                session.getProtocol(),
                session.getCipherSuite(),
                resumed,
                serverName,
                certificate,
                fingerprint,
                subject);
    }
}
