package flotilla.node.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Certificates and what is demanded of clients.
 *
 * @param certificates the first is used when the client names no host that another one covers
 * @param clientAuth whether clients are asked for a certificate
 * @param clientCa PEM file of authorities for client certificates; required when clients are asked
 * @param clientCrl PEM or DER file of revocation lists, one for each authority that issues client certificates; read again with the certificates
 * @param ticketLifetime how long a ticket can be resumed
 * @param dataMayResume whether data connections may, or must, resume the control connection's session
 */
public record TlsSettings(
        List<CertificateFiles> certificates,
        ClientAuth clientAuth,
        Optional<Path> clientCa,
        Optional<Path> clientCrl,
        Duration ticketLifetime,
        boolean dataMayResume) {

    /** Where a certificate and its key are. @param password of PKCS#12, empty for none */
    public record CertificateFiles(Path certificate, Path privateKey, String password) {
        @Override
        public String toString() {
            return "CertificateFiles[" + certificate + "]";
        }
    }

    /** Whether clients present certificates. */
    public enum ClientAuth {
        OFF,
        REQUEST,
        REQUIRE
    }

    public TlsSettings {
        certificates = List.copyOf(certificates);
    }
}
