package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.Store;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is away or refuses: what operators and clients see of it. */
@Tag("processes")
class OutageTest {
    @TempDir
    static Path directory;

    private static S3Proxy proxy;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.start(directory);
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    private static String refusal(String... more) throws Exception {
        try (Store store = new S3Provider().open(proxy.settings(more), S3Proxy.resources())) {
            StorageActions files = new StorageActions(store.home("", true));
            StorageException refusal = assertThrows(StorageException.class, () -> files.stat("/f"));
            assertEquals(Reason.IO, refusal.reason());
            return String.valueOf(refusal.getMessage());
        }
    }

    private static String credentials(String id, String secret) throws Exception {
        return "file:" + S3Proxy.credentials(directory.resolve("other"), id, secret);
    }

    @Test
    void aRefusalSaysWhatIsWrong() throws Exception {
        String id = refusal("credentials", credentials("nobody", "a-wrong-secret"));
        assertTrue(id.contains("403 InvalidAccessKeyId, the service refuses the credentials"), id);
        String secret = refusal("credentials", credentials(S3Proxy.ID, "a-wrong-secret"));
        assertTrue(secret.contains("403 SignatureDoesNotMatch, the service refuses the credentials"), secret);
        assertFalse(secret.contains("a-wrong-secret"));
        String bucket = refusal("bucket", "another");
        assertTrue(bucket.contains("404 NoSuchBucket, there is no such bucket"), bucket);
        String host = refusal("endpoint", "http://nowhere.invalid");
        assertTrue(host.contains("cannot be reached: UnknownHostException"), host);
        String tls = refusal("endpoint", proxy.endpoint().toString().replace("http:", "https:"));
        assertTrue(tls.contains("TLS failed"), tls);
    }

    @Test
    void aFileOfCredentialsIsForItsOwnerOnly() throws Exception {
        Path open =
                Files.writeString(directory.resolve("open"), "aws_access_key_id = x\naws_secret_access_key = hidden");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        String message = refusal("credentials", "file:" + open);
        assertTrue(message.contains("others than its owner may read or write the file of the credentials"), message);
        assertFalse(message.contains("hidden"));
        String missing = refusal("credentials", "file:" + directory.resolve("missing"));
        assertTrue(missing.contains("cannot be read"), missing);
    }

    @Test
    void aFileOfAuthoritiesThatHoldsNoneIsTold() throws Exception {
        Path empty = Files.writeString(directory.resolve("ca.pem"), "");
        assertTrue(refusal("ca-file", empty.toString()).contains("ca-file"));
    }

    @Test
    void aServiceThatDoesNotAnswerFailsInTimeAndThenAtOnce() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Store store = new S3Provider()
                        .open(
                                proxy.settings(
                                        "endpoint",
                                        "http://127.0.0.1:" + silent.getLocalPort(),
                                        "request-timeout",
                                        "400ms"),
                                S3Proxy.resources())) {
            StorageActions files = new StorageActions(store.home("", true));
            for (int i = 0; i < 20; i++) {
                refused(Reason.IO, () -> files.stat("/f"));
            }
            silent.setSoTimeout(1);
            try {
                while (true) {
                    silent.accept().close();
                    accepted.incrementAndGet();
                }
            } catch (java.net.SocketTimeoutException e) {
                // All connections are counted.
            }
        }
        assertTrue(accepted.get() > 0 && accepted.get() < 20, accepted + " connections");
    }

    @Test
    void aServiceThatComesBackServesAgain() throws Exception {
        try (S3Proxy other = S3Proxy.start(Files.createDirectories(directory.resolve("service")));
                Store store = new S3Provider()
                        .open(other.settings("request-timeout", "2s", "retries", "0"), S3Proxy.resources())) {
            StorageActions files = new StorageActions(store.home("", true));
            files.store("/f", "kept");
            other.kill();
            for (int i = 0; i < 10; i++) {
                refused(Reason.IO, () -> files.load("/f"));
            }
            other.resume();
            String text = null;
            for (long end = System.nanoTime() + 30_000_000_000L; text == null && System.nanoTime() < end; ) {
                try {
                    text = files.load("/f");
                } catch (StorageException e) {
                    Thread.onSpinWait();
                }
            }
            assertEquals("kept", text);
        }
    }
}
