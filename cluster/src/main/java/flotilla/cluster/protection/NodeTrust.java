package flotilla.cluster.protection;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trusts the nodes of one authority, and says in the log whom it does not trust. */
final class NodeTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTrust.class);

    private final X509ExtendedTrustManager authority;
    private final NowAndThen log = new NowAndThen();

    NodeTrust(X509ExtendedTrustManager authority) {
        this.authority = authority;
    }

    /** A check that may fail. */
    private interface Check {
        void run() throws CertificateException;
    }

    private void attempt(X509Certificate[] chain, String who, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            log.run(() -> LOG.warn(
                    "{} is refused: its certificate ({}, issued by {}) is not one of this node's authority: {}",
                    who,
                    chain[0].getSubjectX500Principal().getName(),
                    chain[0].getIssuerX500Principal().getName(),
                    e.getMessage()));
            throw e;
        }
    }

    private static String at(SSLEngine engine) {
        return "the node at " + engine.getPeerHost() + ':' + engine.getPeerPort();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        attempt(chain, "a node that connects", () -> authority.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        attempt(chain, at(engine), () -> authority.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        attempt(chain, "a node that connects", () -> authority.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        attempt(chain, "a node", () -> authority.checkServerTrusted(chain, type, socket));
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
