package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.tls.CertificateMaker.KeyKind;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyMaterialTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static KeyPair rootKeys;
    private static KeyPair middleKeys;
    private static KeyPair leafKeys;
    private static X509Certificate root;
    private static X509Certificate middle;
    private static X509Certificate leaf;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeAChain() throws GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        rootKeys = generator.generateKeyPair();
        middleKeys = generator.generateKeyPair();
        leafKeys = generator.generateKeyPair();
        root = issue("CN=root", rootKeys, "CN=root", rootKeys);
        middle = issue("CN=middle", middleKeys, "CN=root", rootKeys);
        leaf = issue("CN=leaf", leafKeys, "CN=middle", middleKeys);
    }

    private static X509Certificate issue(String subject, KeyPair keys, String issuer, KeyPair issuerKeys)
            throws GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Principal(issuer),
                                BigInteger.TEN,
                                Date.from(now.minus(DAY)),
                                Date.from(now.plus(DAY)),
                                new X500Principal(subject),
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    private static String pem(X509Certificate certificate) throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static CertificateProblem problem(Path certificate, Path key, String password) {
        return assertThrows(CertificateProblem.class, () -> KeyMaterial.read(certificate, key, password));
    }

    @Test
    void whatIsMadeCanBeReadBack() throws Exception {
        KeyMaterial made = CertificateMaker.selfSigned(KeyKind.EC, List.of("ftp.example.org"), List.of(), DAY);
        Path file = directory.resolve("server.pem");
        CertificateMaker.write(made, file);
        KeyMaterial read = KeyMaterial.read(file, file, "");
        assertEquals(made.chain(), read.chain());
        assertEquals(made.key(), read.key());
    }

    @Test
    void keyAndChainMayStandInAnyOrderAndInTwoFiles() throws Exception {
        List<String> parts = new ArrayList<>(List.of(
                pem(root),
                pem(middle),
                pem(leaf),
                pem("PRIVATE KEY", leafKeys.getPrivate().getEncoded())));
        for (int seed = 0; seed < 12; seed++) {
            Collections.shuffle(parts, new Random(seed));
            Path all = file("all.pem", String.join("", parts));
            assertEquals(
                    List.of(leaf, middle, root), KeyMaterial.read(all, all, "").chain());
        }
        Path chain = file("chain.pem", "comment\n" + pem(middle) + pem(leaf));
        Path key = file("key.pem", pem("PRIVATE KEY", leafKeys.getPrivate().getEncoded()));
        assertEquals(List.of(leaf, middle), KeyMaterial.read(chain, key, "").chain());
    }

    @Test
    void certificatesThatAreNotOfTheChainAreLeftOut() throws Exception {
        X509Certificate stranger = issue("CN=stranger", rootKeys, "CN=stranger", rootKeys);
        Path all = file(
                "all.pem",
                pem(stranger)
                        + pem(leaf)
                        + pem("PRIVATE KEY", leafKeys.getPrivate().getEncoded()));
        assertEquals(List.of(leaf), KeyMaterial.read(all, all, "").chain());
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        Path certificate = file("cert.pem", pem(leaf));
        Path key = file("key.pem", pem("PRIVATE KEY", rootKeys.getPrivate().getEncoded()));
        assertEquals(
                "the private key does not belong to the certificate",
                problem(certificate, key, "").getMessage());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        Path rsa = file(
                "rsa.pem",
                pem("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded()));
        assertEquals(
                "the private key does not belong to the certificate",
                problem(certificate, rsa, "").getMessage());
    }

    @Test
    void anEncryptedKeyIsRefusedInWordsThatSaySo() throws Exception {
        byte[] encrypted = new JcaPKCS8Generator(
                        leafKeys.getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword("secret".toCharArray())
                                .build())
                .generate()
                .getContent();
        Path file = file("all.pem", pem(leaf) + pem("ENCRYPTED PRIVATE KEY", encrypted));
        String message = problem(file, file, "").getMessage();
        assertTrue(message.contains("unencrypted private key"), message);
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Path certificate = file("cert.pem", pem(leaf));
        Path key = file("key.pem", pem("PRIVATE KEY", leafKeys.getPrivate().getEncoded()));
        Path absent = directory.resolve("absent.pem");
        assertTrue(problem(absent, key, "").getMessage().contains("absent.pem"));
        assertTrue(problem(certificate, absent, "").getMessage().contains("absent.pem"));
        assertTrue(problem(key, key, "").getMessage().contains("holds no certificate"));
        assertTrue(problem(certificate, certificate, "").getMessage().contains("private key"));
    }

    @Test
    void filesThatAreNoPemAreRefused() throws Exception {
        Path key = file("key.pem", pem("PRIVATE KEY", leafKeys.getPrivate().getEncoded()));
        for (String text : List.of(
                "",
                "garbage",
                "-----BEGIN CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")) {
            problem(file("broken.pem", text), key, "");
        }
        byte[] large = new byte[(1 << 20) + 1];
        Path huge = Files.write(directory.resolve("huge.pem"), large);
        assertTrue(problem(huge, key, "").getMessage().contains("larger than"));
    }

    @Test
    void pkcs12HoldsKeyAndChain() throws Exception {
        Path file = directory.resolve("server.P12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "x", leafKeys.getPrivate(), "secret".toCharArray(), new X509Certificate[] {leaf, middle, root});
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "secret".toCharArray());
        }
        KeyMaterial read = KeyMaterial.read(file, file, "secret");
        assertEquals(List.of(leaf, middle, root), read.chain());
        assertEquals(leafKeys.getPrivate(), read.key());
        problem(file, file, "wrong");
        problem(file, file, "");
    }

    @Test
    void pkcs12WithoutAKeyIsRefused() throws Exception {
        Path file = directory.resolve("trust.pfx");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("x", root);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "secret".toCharArray());
        }
        assertTrue(problem(file, file, "secret").getMessage().contains("holds no private key"));
    }

    @Test
    void theKeyDoesNotShowInLogs() {
        assertEquals("KeyMaterial[CN=leaf]", new KeyMaterial(leafKeys.getPrivate(), List.of(leaf)).toString());
    }
}
