package flotilla.cluster.protection;

import flotilla.cluster.ClusterSettings.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A node's own certificate, and the authorities that it trusts.
 *
 * @param key the node's private key
 * @param chain the node's certificate, followed by its chain
 * @param authorities authorities whose certificates make a node
 */
record Identity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    private static final char[] NO_PASSWORD = {};
    /** Longer than any process runs; the certificate ends with the process. */
    private static final Duration OWN_VALIDITY = Duration.ofDays(3650);

    static Identity read(TlsFiles files) throws IOException, GeneralSecurityException {
        return new Identity(
                PemFiles.privateKey(files.privateKey()),
                PemFiles.certificates(files.certificate()),
                PemFiles.certificates(files.ca()));
    }

    /**
     * An identity for a single node, of an authority whose key is dropped at once, so that no other node can have one.
     */
    static Identity own() throws GeneralSecurityException {
        NodeCertificates.Issued authority = NodeCertificates.authority("Flotilla node by itself", OWN_VALIDITY);
        NodeCertificates.Issued node =
                NodeCertificates.node(authority, "localhost", List.of(), List.of(), OWN_VALIDITY);
        return new Identity(node.key(), List.of(node.certificate()), List.of(authority.certificate()));
    }

    /**
     * Makes a TLS context of this identity.
     *
     * @throws GeneralSecurityException when none of the authorities has issued the certificate
     */
    SSLContext context(Refusals refusals) throws IOException, GeneralSecurityException {
        KeyStore own = emptyStore();
        own.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        KeyStore trusted = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        X509ExtendedTrustManager nodes =
                new NodeTrust((X509ExtendedTrustManager) trust.getTrustManagers()[0], refusals);
        check(nodes);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keys.getKeyManagers(), new TrustManager[] {nodes}, null);
        return made;
    }

    private void check(X509ExtendedTrustManager nodes) throws CertificateException {
        Instant begin = chain.get(0).getNotBefore().toInstant();
        Instant end = chain.get(0).getNotAfter().toInstant();
        if (Instant.now().isAfter(end)) {
            throw new CertificateException("this node's certificate expired on " + end);
        }
        if (Instant.now().isBefore(begin)) {
            throw new CertificateException(
                    "this node's certificate is valid only from " + begin + " on: is the clock of this machine right?");
        }
        try {
            nodes.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
        } catch (CertificateException e) {
            throw new CertificateException(
                    "this node's certificate was not made by the authority in flotilla.cluster.tls.ca, or is not one for nodes (flotilla cert"
                            + " node makes them): " + e.getMessage(),
                    e);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    @Override
    public String toString() {
        return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
