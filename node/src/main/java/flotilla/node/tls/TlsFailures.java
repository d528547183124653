package flotilla.node.tls;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Finds the cause of a failed handshake, for logs: an engine's exception may hold it deep inside. */
public final class TlsFailures {
    private TlsFailures() {}

    /** Returns true when TLS itself failed, and not only the connection below it. */
    public static boolean isTls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** The cause in one line without secrets: the fault of a certificate, or TLS's own text. */
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
