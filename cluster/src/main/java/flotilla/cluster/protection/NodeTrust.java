package flotilla.cluster.protection;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts the nodes of the cluster's authority, and logs the others. */
final class NodeTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authority;
    private final Refusals refusals;

    NodeTrust(X509ExtendedTrustManager authority, Refusals refusals) {
        this.authority = authority;
        this.refusals = refusals;
    }

    /** A check that may fail. */
    private interface Check {
        void run() throws CertificateException;
    }

    private void attempt(X509Certificate[] chain, @Nullable String host, String who, Check check)
            throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            refusals.tell(
                    host == null ? "" : host,
                    who + " is refused: its certificate ("
                            + chain[0].getSubjectX500Principal().getName() + ", issued by "
                            + chain[0].getIssuerX500Principal().getName()
                            + ") is not one of this node's authority: " + e.getMessage());
            throw e;
        }
    }

    private static String from(SSLEngine engine) {
        return engine.getPeerHost() == null
                ? "a node that connects"
                : "a node that connects from " + engine.getPeerHost();
    }

    private static String at(SSLEngine engine) {
        return "the node at " + engine.getPeerHost() + ':' + engine.getPeerPort();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        attempt(chain, engine.getPeerHost(), from(engine), () -> authority.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        attempt(chain, engine.getPeerHost(), at(engine), () -> authority.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        attempt(chain, null, "a node that connects", () -> authority.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        attempt(chain, null, "a node", () -> authority.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authority.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authority.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authority.getAcceptedIssuers();
    }
}
