package flotilla.node.tls;

import org.jspecify.annotations.Nullable;

/** Tells an operator why a certificate or key cannot be used. */
public final class CertificateProblem extends Exception {
    private static final long serialVersionUID = 1L;

    public CertificateProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
