package flotilla.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageProvider;
import flotilla.storage.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class S3SettingsTest {
    private static S3Settings of(String... pairs) {
        Map<String, String> values = new HashMap<>(Map.of("bucket", "files"));
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return S3Settings.of(new StoreSettings("archive", "s3", values));
    }

    private static String refusal(String... pairs) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> of(pairs)).getMessage());
    }

    @Test
    void aBucketIsEnough() {
        S3Settings settings = of();
        assertEquals(new S3Settings.Place(Optional.empty(), "us-east-1", "files", "", false), settings.place());
        assertEquals(8 << 20, settings.uploads().partSize());
        assertEquals(8 << 20, settings.uploads().multipartAbove());
        assertEquals(Duration.ofSeconds(30), settings.access().timeout());
        assertEquals(Optional.empty(), settings.access().credentials());
        assertEquals(Checksum.CRC32C, settings.objects().checksum());
        assertTrue(settings.objects().conditionalWrites());
        assertEquals(0640, settings.shown().fileMode());
        assertEquals(10_000, settings.renameMaxObjects());
    }

    @Test
    void anEndpointOfOneselfHasTheBucketInThePath() {
        assertTrue(of("endpoint", "https://s3.example.com:9000").place().pathStyle());
        assertFalse(of("endpoint", "https://s3.example.com", "path-style", "false")
                .place()
                .pathStyle());
    }

    @Test
    void thePrefixEndsWithOneSlash() {
        assertEquals("a/b/", of("prefix", "a/b").place().prefix());
        assertEquals("a/", of("prefix", "a/").place().prefix());
        for (String bad : List.of("/a", "a//b", "../a", "a/./b", "a/..", "/", ".flotilla-parts/x")) {
            assertTrue(refusal("prefix", bad).startsWith("prefix must be"), bad);
        }
    }

    @Test
    void sizesAndTimesHaveUnits() {
        S3Settings settings = of("part-size", "16m", "multipart-above", "32 MiB", "range-size", "512k");
        assertEquals(16 << 20, settings.uploads().partSize());
        assertEquals(32 << 20, settings.uploads().multipartAbove());
        assertEquals(512 << 10, settings.reads().range());
        assertEquals(
                Duration.ofMillis(1500), of("request-timeout", "1500").access().timeout());
        assertEquals(Duration.ofMinutes(1), of("request-timeout", "1m").access().timeout());
        assertTrue(refusal("part-size", "4m").startsWith("part-size must be between 5120k"));
        assertTrue(refusal("request-timeout", "soon").contains("a time, such as 30s"));
    }

    @Test
    void whatCannotBeMeantIsRefusedByItsKey() {
        assertEquals("has no key endpont", refusal("endpont", "https://x"));
        assertTrue(refusal("bucket", "").contains("bucket"));
        assertTrue(refusal("bucket", "a/b").startsWith("bucket must be"));
        assertTrue(refusal("endpoint", "s3.example.com").startsWith("endpoint must be"));
        assertTrue(refusal("endpoint", "ftp://s3.example.com").startsWith("endpoint must be"));
        assertTrue(refusal("sse", "AES").startsWith("sse must be one of none, AES256, aws:kms"));
        assertTrue(refusal("sse-key", "k").startsWith("sse-key needs"));
        assertTrue(refusal("checksum", "crc").startsWith("checksum must be one of crc32c, sha256, md5, off"));
        assertTrue(refusal("conditional-writes", "maybe").startsWith("conditional-writes must be true or false"));
        assertTrue(refusal("retries", "11").startsWith("retries must be a number from 0 to 10"));
        assertTrue(refusal("connections", "1").startsWith("connections must be a number from 2 to"));
        assertTrue(refusal("file-mode", "9").startsWith("file-mode must be octal"));
    }

    @Test
    void aSecretInTheWrongPlaceIsNotRepeated() {
        assertFalse(refusal("credentials", "AKIDEXAMPLE:s3cr3t").contains("s3cr3t"));
        assertFalse(refusal("endpoint", "https://id:s3cr3t@s3.example.com").contains("s3cr3t"));
        assertEquals(
                Optional.of(Path.of("/etc/flotilla/s3")),
                of("credentials", "file:/etc/flotilla/s3").access().credentials());
        assertFalse(of("sse", "aws:kms", "sse-key", "s3cr3t").toString().contains("s3cr3t"));
    }

    @Test
    void theTypeIsFoundByItsName() {
        assertTrue(ServiceLoader.load(StorageProvider.class).stream()
                .anyMatch(each -> each.get().type().equals("s3")));
    }
}
