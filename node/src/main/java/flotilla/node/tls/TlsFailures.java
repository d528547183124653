package flotilla.node.tls;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Why a handshake failed, for logs: what an engine throws may hold the cause far inside. */
public final class TlsFailures {
    private TlsFailures() {}

    /** Whether TLS itself failed, not only the connection under it. */
    public static boolean isTls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** One line without secrets: what was wrong with a certificate, or what TLS says of its failure. */
    public static String reason(Throwable failure) {
        Throwable told = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof SSLException) {
                told = cause;
            }
        }
        return String.valueOf(told.getMessage());
    }
}
