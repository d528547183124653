package flotilla.node.tls;

import org.jspecify.annotations.Nullable;

/** Why a certificate or key cannot be used, in words for the operator. */
public final class CertificateProblem extends Exception {
    private static final long serialVersionUID = 1L;

    public CertificateProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
