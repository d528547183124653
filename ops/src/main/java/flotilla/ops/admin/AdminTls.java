package flotilla.ops.admin;

import flotilla.cluster.protection.FileWatch;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of the admin API. It reads the certificate again when its files have changed. */
final class AdminTls {
    private static final Logger LOG = LoggerFactory.getLogger(AdminTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final CertificateFiles files;
    private final FileWatch watch;
    private SSLContext context;

    /**
     * Reads the certificate.
     *
     * @throws IOException when the certificate or key cannot be used
     */
    AdminTls(CertificateFiles files) throws IOException {
        this.files = files;
        this.watch = new FileWatch(List.of(files.certificate(), files.privateKey()));
        this.context = read();
    }

    synchronized SSLEngine engine() {
        try {
            if (watch.hasChanged()) {
                context = read();
            }
        } catch (IOException e) {
            LOG.warn("the changed certificate of the admin API is not used: {}", e.getMessage());
        }
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    private SSLContext read() throws IOException {
        try {
            KeyMaterial material = KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
            char[] noPassword = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, noPassword);
            store.setKeyEntry(
                    "admin", material.key(), noPassword, material.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, noPassword);
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(keys.getKeyManagers(), null, null);
            return made;
        } catch (GeneralSecurityException | CertificateProblem e) {
            throw new IOException("the certificate of the admin API cannot be used: " + e.getMessage(), e);
        }
    }
}
