package flotilla.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.Store;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service behind TLS: its certificate is verified, against an authority of one's own if told. */
@Tag("processes")
class S3TlsTest {
    @TempDir
    static Path directory;

    private static S3Proxy proxy;
    private static URI secure;
    private static Path authority;

    @BeforeAll
    static void start() throws Exception {
        Path keys = directory.resolve("keys.p12");
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "s3",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=s3",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        keys.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, exit);
        int port = S3Proxy.freePort();
        secure = URI.create("https://127.0.0.1:" + port);
        proxy = S3Proxy.start(
                directory.resolve("service"),
                List.of(
                        "s3proxy.secure-endpoint=" + secure,
                        "s3proxy.keystore-path=" + keys,
                        "s3proxy.keystore-password=changeit"));
        authority = directory.resolve("ca.pem");
        KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        try (OutputStream out = Files.newOutputStream(authority)) {
            String text = Base64.getMimeEncoder()
                    .encodeToString(store.getCertificate("s3").getEncoded());
            out.write(("-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n").getBytes("US-ASCII"));
        }
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    private static Store store(String endpoint, String... more) throws Exception {
        String[] all = new String[more.length + 2];
        all[0] = "endpoint";
        all[1] = endpoint;
        System.arraycopy(more, 0, all, 2, more.length);
        return new S3Provider().open(proxy.settings(all), S3Proxy.resources());
    }

    @Test
    void anAuthorityOfOnesOwnIsTrusted() throws Exception {
        try (Store store = store(secure.toString(), "ca-file", authority.toString())) {
            StorageActions files = new StorageActions(store.home("", true));
            files.store("/f", "through TLS");
            assertEquals("through TLS", files.load("/f"));
        }
    }

    @Test
    void anUnknownCertificateIsRefusedAndSoIsAnotherName() throws Exception {
        try (Store unknown = store(secure.toString());
                Store named =
                        store(secure.toString().replace("127.0.0.1", "localhost"), "ca-file", authority.toString())) {
            for (Store each : List.of(unknown, named)) {
                StorageActions files = new StorageActions(each.home("", true));
                String message = assertThrows(StorageException.class, () -> files.stat("/f"))
                        .getMessage();
                assertTrue(message.contains("TLS failed"), message);
            }
        }
    }
}
