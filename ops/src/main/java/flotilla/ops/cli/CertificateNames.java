package flotilla.ops.cli;

import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/**
 * The client certificates of an account in the form that logins compare: {@code sha256:} and 64 hexadecimal digits, or
 * a distinguished name (RFC 2253).
 */
final class CertificateNames {
    private static final String FINGERPRINT = "sha256:";

    private CertificateNames() {}

    /**
     * Returns the names in this form.
     *
     * @throws IllegalStateException when one of them is neither
     */
    static List<String> checked(List<String> given) {
        return given.equals(List.of("none"))
                ? List.of()
                : given.stream().map(CertificateNames::checked).toList();
    }

    private static String checked(String given) {
        String text = given.trim();
        if (text.toLowerCase(Locale.ROOT).startsWith(FINGERPRINT)) {
            String digits =
                    text.substring(FINGERPRINT.length()).replace(":", "").trim().toLowerCase(Locale.ROOT);
            if (!digits.matches("[0-9a-f]{64}")) {
                throw new IllegalStateException("--certificate sha256: needs 64 hexadecimal digits, with or without"
                        + " colons (openssl x509 -in FILE -noout -fingerprint -sha256), not " + given);
            }
            return FINGERPRINT + digits;
        }
        try {
            if (!text.isEmpty()) {
                return new X500Principal(text).getName();
            }
        } catch (IllegalArgumentException e) {
            throw refused(given);
        }
        throw refused(given);
    }

    private static IllegalStateException refused(String given) {
        return new IllegalStateException(
                "--certificate must be sha256:HEX or the subject of a certificate, such as CN=alice,O=Example, not '"
                        + given + "'");
    }
}
