package flotilla.node.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;

/** Reads certificate revocation lists (RFC 5280) from PEM or DER files. */
public final class RevocationLists {
    private RevocationLists() {}

    /** The reason why a file cannot be used; empty when it can. */
    public static Optional<String> problem(Path file) {
        try {
            return read(file).isEmpty() ? Optional.of(file + " holds no revocation list") : Optional.empty();
        } catch (IOException | GeneralSecurityException e) {
            return Optional.of(file + " cannot be read: " + e.getMessage());
        }
    }

    static Collection<? extends CRL> read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCRLs(in);
        }
    }
}
