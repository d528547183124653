package flotilla.ops.outgoing;

import flotilla.cluster.protection.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authorities that an operator names, in place of those of the JVM. */
public final class OwnTrust {
    private OwnTrust() {}

    /**
     * Returns TLS that trusts only the certificates of a file.
     *
     * @param file certificates in PEM
     * @throws IOException naming the file when it cannot be read
     */
    public static SSLContext of(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        for (X509Certificate certificate : PemFiles.certificates(file)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
