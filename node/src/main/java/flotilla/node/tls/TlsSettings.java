package flotilla.node.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The server's certificates, and its demands on clients.
 *
 * @param certificates the certificates; the first one serves clients whose host no other one covers
 * @param explicit what the explicit listener offers
 * @param implicit what the implicit listener offers
 * @param clientAuth says if clients are asked for a certificate
 * @param clientCa PEM file of the authorities for client certificates; required when clients are asked
 * @param clientCrl PEM or DER file of revocation lists, one for each authority of client certificates; read again with
 *     the certificates
 * @param ticketLifetime how long a ticket can be resumed
 * @param ocsp says if clients get OCSP responses
 * @param dataMayResume true when data connections may resume the control connection's session, or must
 * @param repeatTickets true to give clients a ticket before each data connection
 */
public record TlsSettings(
        List<CertificateFiles> certificates,
        TlsOffer explicit,
        TlsOffer implicit,
        ClientAuth clientAuth,
        Optional<Path> clientCa,
        Optional<Path> clientCrl,
        Duration ticketLifetime,
        OcspSettings ocsp,
        boolean dataMayResume,
        boolean repeatTickets) {

    /**
     * The files of a certificate and its key.
     *
     * @param password password of a PKCS#12 file; empty for none
     */
    public record CertificateFiles(Path certificate, Path privateKey, String password) {
        @Override
        public String toString() {
            return "CertificateFiles[" + certificate + "]";
        }
    }

    /** The demand for client certificates. */
    public enum ClientAuth {
        OFF,
        REQUEST,
        REQUIRE
    }

    public TlsSettings {
        certificates = List.copyOf(certificates);
    }

    /** What a listener offers. */
    public TlsOffer offer(boolean isImplicit) {
        return isImplicit ? implicit : explicit;
    }
}
