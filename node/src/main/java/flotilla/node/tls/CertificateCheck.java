package flotilla.node.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks a certificate as a client would before it trusts a server (RFC 5280, RFC 9525). */
public final class CertificateCheck {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int DNS = 2;
    private static final int IP = 7;
    private static final int WEAK_RSA = 2048;

    private final List<X509Certificate> chain;
    private final List<X509Certificate> file;
    private final List<Finding> findings = new ArrayList<>();

    /** What a finding means. */
    public enum Level {
        OK,
        NOTE,
        BAD
    }

    /** One thing that was looked at. */
    public record Finding(Level level, String what, String text) {}

    private CertificateCheck(List<X509Certificate> file) {
        this.file = List.copyOf(file);
        this.chain = KeyMaterial.ordered(file.get(0), file);
    }

    /**
     * Looks at all of a server's certificate.
     *
     * @param file the certificates of a file, the server's own first
     * @param key its private key; empty when that is not at hand
     * @param authorities certificates that a client trusts; empty when they are not known
     * @param host the name or address that clients use; empty for none
     */
    public static List<Finding> of(
            List<X509Certificate> file, Optional<PrivateKey> key, List<X509Certificate> authorities, String host) {
        CertificateCheck check = new CertificateCheck(file);
        check.dates(Instant.now());
        check.names(host);
        check.key(key);
        check.purpose();
        check.strength();
        check.file();
        check.findings.add(ChainCheck.of(check.chain, authorities));
        return check.findings;
    }

    private void add(Level level, String what, String text) {
        findings.add(new Finding(level, what, text));
    }

    private void dates(Instant now) {
        for (X509Certificate certificate : chain) {
            String whose = Certificates.subject(certificate) + " ";
            Instant end = certificate.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                add(Level.BAD, "dates", whose + "expired on " + end);
            } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
                add(
                        Level.BAD,
                        "dates",
                        whose + "is valid only from "
                                + certificate.getNotBefore().toInstant() + " on");
            } else {
                add(
                        Level.OK,
                        "dates",
                        whose + "is valid until " + end + ", "
                                + Duration.between(now, end).toDays() + " days");
            }
        }
    }

    private void names(String host) {
        List<String> names = alternatives();
        if (names.isEmpty()) {
            add(Level.BAD, "names", "no subject alternative name: clients do not look at the common name");
        } else if (host.isEmpty()) {
            add(Level.NOTE, "names", String.join(", ", names));
        } else if (covers(host)) {
            add(Level.OK, "names", host + " is covered");
        } else {
            add(Level.BAD, "names", host + " is not covered, only " + String.join(", ", names));
        }
    }

    private List<String> alternatives() {
        try {
            Collection<List<?>> alternatives = chain.get(0).getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of()
                    : alternatives.stream()
                            .filter(name -> List.of(DNS, IP).contains(name.get(0)))
                            .map(name -> name.get(1).toString())
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** An address is compared by its bytes, a name by its labels. */
    private boolean covers(String host) {
        boolean isAddress = host.contains(":") || host.matches("[0-9.]+");
        return alternatives().stream()
                .anyMatch(name -> isAddress
                        ? isSameAddress(name, host)
                        : Certificates.covers(name.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT)));
    }

    private static boolean isSameAddress(String name, String host) {
        try {
            return (name.contains(":") || name.matches("[0-9.]+"))
                    && InetAddress.getByName(name).equals(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void key(Optional<PrivateKey> key) {
        if (key.isEmpty()) {
            add(Level.NOTE, "key", "not at hand: give --key");
            return;
        }
        try {
            boolean fits = KeyMaterial.matches(key.get(), chain.get(0).getPublicKey());
            add(
                    fits ? Level.OK : Level.BAD,
                    "key",
                    fits
                            ? "fits: " + new KeyMaterial(key.get(), chain).describedKey()
                            : "does not belong to the certificate");
        } catch (GeneralSecurityException e) {
            add(Level.BAD, "key", "cannot be used: " + e.getMessage());
        }
    }

    private void purpose() {
        try {
            List<String> purposes = chain.get(0).getExtendedKeyUsage();
            boolean[] usage = chain.get(0).getKeyUsage();
            if (purposes != null && !purposes.contains(SERVER_AUTH) && !purposes.contains(ANY_PURPOSE)) {
                add(Level.BAD, "purpose", "not made for servers: no extended key usage serverAuth");
            } else if (usage != null && !usage[0]) {
                add(Level.BAD, "purpose", "the key usage lacks digitalSignature");
            } else {
                add(Level.OK, "purpose", "made for servers");
            }
        } catch (CertificateParsingException e) {
            add(Level.BAD, "purpose", "cannot be read: " + e.getMessage());
        }
    }

    private void strength() {
        for (X509Certificate certificate : chain) {
            String whose = Certificates.subject(certificate) + " ";
            if (certificate.getPublicKey() instanceof RSAPublicKey rsa
                    && rsa.getModulus().bitLength() < WEAK_RSA) {
                add(
                        Level.BAD,
                        "strength",
                        whose + "has an RSA key of only " + rsa.getModulus().bitLength() + " bits");
            }
            boolean isRoot = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (!isRoot && certificate.getSigAlgName().matches("(?i)(sha1|md[245]).*")) {
                add(Level.BAD, "strength", whose + "is signed with " + certificate.getSigAlgName());
            }
        }
    }

    private void file() {
        file.stream()
                .filter(certificate -> !chain.contains(certificate))
                .forEach(certificate ->
                        add(Level.NOTE, "file", Certificates.subject(certificate) + " is not needed and not sent"));
    }
}
