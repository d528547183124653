package flotilla.node.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/**
 * Tells BoringSSL why a client's certificate is refused, so that the client gets the right alert (RFC 8446, section
 * 6.2): unknown_ca, unsupported_certificate, certificate_expired, certificate_revoked, else bad_certificate. Without a
 * reason the alert would be internal_error.
 */
final class ClientTrust implements X509TrustManager {
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final int DIGITAL_SIGNATURE = 0;

    private final X509TrustManager trust;

    /**
     * Wraps another trust manager.
     *
     * @param trust makes the decisions
     */
    ClientTrust(X509TrustManager trust) {
        this.trust = trust;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            trust.checkClientTrusted(chain, authType);
        } catch (CertificateException e) {
            throw explained(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("not a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }

    private CertificateException explained(X509Certificate[] chain, CertificateException refusal) {
        X509Certificate leaf = chain[0];
        String of = "certificate of " + Certificates.subject(leaf) + ": ";
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException invalid && reasonOf(invalid.getReason()) != 0) {
                return new OpenSslCertificateException(
                        of + invalid.getMessage(), refusal, reasonOf(invalid.getReason()));
            }
        }
        if (isForeign(chain)) {
            String why = leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal())
                    ? "self-signed, and not in tls.client-ca"
                    : "its issuer is not in tls.client-ca: "
                            + leaf.getIssuerX500Principal().getName();
            return new OpenSslCertificateException(
                    of + why, refusal, CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
        }
        return isForClients(leaf)
                ? new OpenSslCertificateException(
                        of + refusal.getMessage(), refusal, CertificateVerifier.X509_V_ERR_CERT_REJECTED)
                : new OpenSslCertificateException(
                        of + "not made for clients (extended key usage clientAuth, key usage digitalSignature)",
                        refusal,
                        CertificateVerifier.X509_V_ERR_INVALID_PURPOSE);
    }

    /** OpenSSL's code for the reason; 0 when the reason says too little. */
    private static int reasonOf(Reason reason) {
        if (reason == BasicReason.EXPIRED) {
            return CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
        }
        if (reason == BasicReason.NOT_YET_VALID) {
            return CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
        }
        if (reason == BasicReason.REVOKED) {
            return CertificateVerifier.X509_V_ERR_CERT_REVOKED;
        }
        if (reason == PKIXReason.NO_TRUST_ANCHOR) {
            return CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
        }
        return 0;
    }

    /** Returns true when none of our authorities has signed a certificate of the chain, whatever its names say. */
    private boolean isForeign(X509Certificate[] chain) {
        for (X509Certificate authority : trust.getAcceptedIssuers()) {
            for (X509Certificate link : chain) {
                if (link.equals(authority) || isSignedBy(link, authority)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (java.security.GeneralSecurityException otherKey) {
            return false;
        }
    }

    private static boolean isForClients(X509Certificate leaf) {
        try {
            List<String> uses = leaf.getExtendedKeyUsage();
            boolean[] keyUsage = leaf.getKeyUsage();
            return (uses == null || uses.contains(CLIENT_AUTHENTICATION) || uses.contains(ANY_USE))
                    && (keyUsage == null || keyUsage[DIGITAL_SIGNATURE]);
        } catch (CertificateParsingException unreadable) {
            return true;
        }
    }
}
