package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.tls.CertificateMaker.KeyKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateMakerTest {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

    private static X509Certificate made() throws CertificateProblem {
        return CertificateMaker.selfSigned(
                        KeyKind.EC,
                        List.of("ftp.example.org", "*.example.org"),
                        List.of("192.0.2.7", "2001:db8::7"),
                        Duration.ofDays(30))
                .leaf();
    }

    @Test
    void namesAndAddressesAreAlternativeNames() throws Exception {
        X509Certificate certificate = made();
        assertEquals("CN=ftp.example.org", certificate.getSubjectX500Principal().getName());
        String names = certificate.getSubjectAlternativeNames().stream()
                .map(name -> name.get(0) + ":" + name.get(1))
                .collect(Collectors.joining(" "));
        assertEquals("2:ftp.example.org 2:*.example.org 7:192.0.2.7 7:2001:db8:0:0:0:0:0:7", names);
        assertEquals(List.of("ftp.example.org", "*.example.org"), Certificates.names(certificate));
    }

    @Test
    void anEcKeySignsOnlyAnRsaKeyMayAlsoEncipher(@TempDir Path directory) throws Exception {
        assertArrayEquals(usage(0), made().getKeyUsage());
        KeyMaterial material = CertificateMaker.selfSigned(KeyKind.RSA, List.of("a"), List.of(), Duration.ofDays(1));
        X509Certificate rsa = material.leaf();
        assertArrayEquals(usage(0, 2), rsa.getKeyUsage());
        Path file = directory.resolve("rsa.pem");
        CertificateMaker.write(material, file);
        assertEquals(material.key(), KeyMaterial.read(file, file, "").key());
        assertTrue(((RSAPublicKey) rsa.getPublicKey()).getModulus().bitLength() >= 2048);
    }

    private static boolean[] usage(int... bits) {
        boolean[] usage = new boolean[9];
        Arrays.stream(bits).forEach(bit -> usage[bit] = true);
        return usage;
    }

    @Test
    void itIsAServerCertificateAndNoAuthority() throws Exception {
        X509Certificate certificate = made();
        assertEquals(List.of(SERVER_AUTH), certificate.getExtendedKeyUsage());
        assertEquals(-1, certificate.getBasicConstraints());
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void itIsValidNowAndForAsLongAsAsked() throws Exception {
        X509Certificate certificate = made();
        certificate.checkValidity();
        Duration left =
                Duration.between(Instant.now(), certificate.getNotAfter().toInstant());
        assertEquals(29, left.toDays());
        assertTrue(certificate.getSerialNumber().signum() > 0);
    }

    @Test
    void anAddressAloneIsNameEnough() throws Exception {
        X509Certificate certificate = CertificateMaker.selfSigned(
                        KeyKind.EC, List.of(), List.of("192.0.2.7"), Duration.ofDays(1))
                .leaf();
        assertEquals("CN=192.0.2.7", certificate.getSubjectX500Principal().getName());
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThrows(
                CertificateProblem.class,
                () -> CertificateMaker.selfSigned(
                        KeyKind.EC, List.of("a"), List.of("not an address"), Duration.ofDays(1)));
    }

    @Test
    void onlyTheOwnerReadsTheFileAndNothingElseIsLeft(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("new").resolve("server.pem");
        KeyMaterial material = CertificateMaker.selfSigned(KeyKind.EC, List.of("a"), List.of(), Duration.ofDays(1));
        CertificateMaker.write(material, file);
        CertificateMaker.write(material, file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aWildcardCoversOneLabel() {
        assertTrue(Certificates.covers("*.example.org", "ftp.example.org"));
        assertEquals(false, Certificates.covers("*.example.org", "a.b.example.org"));
        assertEquals(false, Certificates.covers("*.example.org", "example.org"));
        assertEquals(false, Certificates.covers("*.example.org", ".example.org"));
        assertTrue(Certificates.covers("example.org", "example.org"));
    }
}
