package flotilla.storage.s3;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSource;
import flotilla.storage.ConditionReport;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.Store;
import flotilla.storage.StoreResources;
import flotilla.storage.TransferMemory;
import flotilla.storage.VirtualPath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in S3 where it differs from others, and objects that others have stored. */
@Tag("processes")
class S3StorageTest {
    private static final int MIB = 1 << 20;

    @TempDir
    static Path directory;

    private static S3Proxy proxy;
    private static int homes;

    private final StoreResources resources = S3Proxy.resources();
    private Store store;
    private Bucket bucket;
    private String home;
    private StorageActions files;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.start(directory);
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @BeforeEach
    void open() throws Exception {
        home = "own" + ++homes;
        bucket = proxy.bucket("checksum", "md5");
        open("prefix", "below/the/prefix");
    }

    private void open(String... more) throws Exception {
        if (store != null) {
            store.close();
        }
        store = new S3Provider().open(proxy.settings(more), resources);
        files = new StorageActions(store.home(home, true));
    }

    @AfterEach
    void close() {
        store.close();
        bucket.close();
        assertEquals(resources.transfers().bytes(), resources.transfers().freeBytes());
    }

    @Test
    void theConditionsThatTheServiceHonoursAreTold() throws Exception {
        ConditionReport report = files.storage().tryConditions().orElseThrow();
        assertEquals(List.of("PutObject with If-None-Match", "PutObject with If-Match"), report.honoured());
        assertEquals(
                List.of(
                        "CopyObject with If-None-Match",
                        "CompleteMultipartUpload with If-None-Match",
                        "DeleteObject with If-Match"),
                report.ignored());
        assertEquals(
                List.of(),
                bucket.list("below/the/prefix/.flotilla-parts/probe-", false, null, 10)
                        .objects());
        open("conditional-writes", "false");
        assertEquals(Optional.empty(), files.storage().tryConditions());
    }

    private void put(String key, String text) throws StorageException {
        bucket.put(
                "below/the/prefix/" + home + "/" + key,
                Body.of(text.getBytes(StandardCharsets.UTF_8)),
                Map.of(),
                Condition.none());
    }

    private byte[] random(String name, int size) throws StorageException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        bucket.put("below/the/prefix/" + home + "/" + name, Body.of(bytes), Map.of(), Condition.none());
        return bytes;
    }

    private static byte[] rest(ByteSource source) throws StorageException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        while (source.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return bytes.toByteArray();
    }

    @Test
    void aDirectoryNeedsNoMarker() throws Exception {
        put("d/e/f", "x");
        assertTrue(files.stat("/d").isDirectory());
        assertEquals(List.of("d"), files.names("/"));
        assertEquals(List.of("e"), files.names("/d"));
        refused(Reason.ALREADY_EXISTS, () -> files.mkdir("/d"));
        refused(Reason.NOT_EMPTY, () -> files.rmdir("/d"));
        files.store("/d/e/g", "y");
        assertEquals(List.of("f", "g"), files.names("/d/e"));
    }

    @Test
    void aDirectoryStaysWithoutItsLastFile() throws Exception {
        put("d/e/f", "x");
        files.delete("/d/e/f");
        assertTrue(files.stat("/d/e").isDirectory());
        assertEquals(List.of(), files.names("/d/e"));
        files.rmdir("/d/e");
        assertTrue(files.stat("/d").isDirectory());
        put("d/g/f", "x");
        files.rename("/d/g/f", "/f", false);
        assertEquals(List.of(), files.names("/d/g"));
    }

    @Test
    void whatAnotherNodeRemovesIsGoneAtOnce() throws Exception {
        files.mkdir("/d");
        files.store("/d/f", "x");
        try (Store other = new S3Provider().open(proxy.settings("prefix", "below/the/prefix"), resources)) {
            StorageActions there = new StorageActions(other.home(home, true));
            there.delete("/d/f");
            there.rmdir("/d");
        }
        refused(Reason.NOT_FOUND, () -> files.stat("/d"));
        refused(Reason.NOT_FOUND, () -> files.names("/d"));
        assertTrue(files.mkdir("/d").isDirectory());
    }

    @Test
    void namesAreInTheOrderOfTheirBytesAlsoAcrossPages() throws Exception {
        for (String name : List.of("a-b", "a.b", "a b", "ab", "b", "b-/x", "b.c-d", "b-c", "c-1", "c-2", "c.3")) {
            put(name, "x");
        }
        put("a/x", "x");
        put("c/x", "x");
        List<String> expected =
                List.of("a", "a b", "a-b", "a.b", "ab", "b", "b-", "b-c", "b.c-d", "c", "c-1", "c-2", "c.3");
        String prefix = "below/the/prefix/" + home + "/";
        for (int page : List.of(1, 2, 3, 5, 100)) {
            try (S3Listing listing = new S3Listing(new Tree(bucket), prefix, page, 4)) {
                assertEquals(expected, all(listing, 2), "pages of " + page);
            }
        }
        assertEquals(expected, files.names("/"));
    }

    private static List<String> all(Listing listing, int limit) throws StorageException {
        List<String> all = new ArrayList<>();
        for (List<Entry> page = listing.next(limit); !page.isEmpty(); page = listing.next(limit)) {
            assertTrue(page.size() <= limit);
            page.forEach(each -> all.add(each.name()));
        }
        return all;
    }

    @Test
    void aLongListingComesInOrderFromPages() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            expected.add(String.format("report-%04d.csv", i));
        }
        Background background = new Background("test", 8);
        background.each(expected, 8, name -> put(name, "x"));
        background.close();
        put("report/x", "x");
        expected.add(0, "report");
        List<String> listed = new ArrayList<>();
        try (S3Listing listing = new S3Listing(new Tree(bucket), "below/the/prefix/" + home + "/", 100, 100)) {
            for (List<Entry> page = listing.next(64); !page.isEmpty(); page = listing.next(64)) {
                page.forEach(each -> listed.add(each.name()));
                assertTrue(listing.held() <= 200, listing.held() + " entries");
            }
        }
        assertEquals(expected, listed);
    }

    @Test
    void whatNoClientCanNameIsNotListed() throws Exception {
        put("ok", "x");
        put(".flotilla-parts/x", "x");
        put(".flotilla-storage", "x");
        assertEquals(List.of("ok"), files.names("/"));
    }

    @Test
    void homesCannotLeadElsewhere() throws Exception {
        for (String bad : List.of("..", "../x", "a/../..", "a//b", "/a", ".", "a/./b")) {
            refused(Reason.ACCESS_DENIED, () -> store.home(bad, true));
        }
        refused(Reason.INVALID_NAME, () -> store.home(".flotilla-parts", true));
        assertEquals(
                store.home("a/b", true).lockName(path("/c")),
                store.home("a", true).lockName(path("/b")).replaceAll("$", "/c"));
    }

    @Test
    void aLargeFileIsReadAheadFromEachOffset() throws Exception {
        open("prefix", "below/the/prefix", "range-size", "64k");
        byte[] bytes = random("large", MIB + 17);
        for (int offset : List.of(0, 1, 65_535, 65_536, 200_000, MIB + 16, MIB + 17)) {
            try (ByteSource source = files.storage().read(path("/large"), offset)) {
                assertTrue(Arrays.equals(Arrays.copyOfRange(bytes, offset, bytes.length), rest(source)));
            }
        }
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.storage().read(path("/large"), MIB + 18));
    }

    @Test
    void aFileIsReadWithoutMemoryForReadAheadToo() throws Exception {
        open("prefix", "below/the/prefix", "range-size", "64k");
        byte[] bytes = random("large", MIB);
        long large = resources.transfers().largest(TransferMemory.Tier.LARGE);
        TransferMemory.Piece all = resources.transfers().take(TransferMemory.Tier.LARGE, large, () -> {});
        try (ByteSource source = files.storage().read(path("/large"), 0)) {
            assertTrue(Arrays.equals(bytes, rest(source)));
        } finally {
            all.close();
        }
    }

    @Test
    void manySlowReadersLeaveConnectionsToOthers() throws Exception {
        open("prefix", "below/the/prefix", "range-size", "1m", "read-ahead", "0", "connections", "4");
        byte[] bytes = random("large", 4 * MIB);
        List<ByteSource> slow = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            slow.add(files.storage().read(path("/large"), 0));
            slow.get(i).read(ByteBuffer.allocate(1));
        }
        assertEquals(bytes.length, files.stat("/large").size());
        for (ByteSource each : slow) {
            assertTrue(Arrays.equals(Arrays.copyOfRange(bytes, 1, bytes.length), rest(each)));
            each.close();
        }
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadGivesNoMixture() throws Exception {
        open("prefix", "below/the/prefix", "range-size", "64k", "read-ahead", "1");
        byte[] old = random("f", MIB);
        ByteBuffer first = ByteBuffer.allocate(1000);
        try (ByteSource source = files.storage().read(path("/f"), 0)) {
            source.read(first);
            random("f", MIB + 1);
            refused(Reason.CHANGED, () -> rest(source));
        }
        assertEquals(ByteBuffer.wrap(old, 0, first.position()), first.flip());
        assertEquals(MIB + 1, files.stat("/f").size());
    }

    @Test
    void aFileThatIsRemovedWhileItIsReadBreaksTheRead() throws Exception {
        open("prefix", "below/the/prefix", "range-size", "64k", "read-ahead", "0");
        random("f", MIB);
        try (ByteSource source = files.storage().read(path("/f"), 0)) {
            files.delete("/f");
            refused(Reason.CHANGED, () -> rest(source));
        }
    }

    @Test
    void timesAreThoseOfTheObjectsInAllAnswers() throws Exception {
        files.store("/f", "x");
        Entry listed = files.list("/", 10).get(0);
        assertEquals(listed, files.stat("/f"));
        assertEquals(0, listed.modifiedMillis() % 1000);
        assertNotEquals(0, listed.modifiedMillis());
        try (ByteSource source = files.storage().read(path("/f"), 0)) {
            assertEquals(listed, source.entry());
        }
        assertEquals(VirtualPath.ROOT.name(), files.stat("/").name());
    }
}
