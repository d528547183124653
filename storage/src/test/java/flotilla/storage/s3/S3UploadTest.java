package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;
import static flotilla.storage.s3.UploadNode.bytes;
import static flotilla.storage.s3.UploadNode.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreMeter;
import flotilla.storage.TransferMemory;
import flotilla.storage.UploadStart;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.WriteMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Uploads of two nodes to the same bucket. */
class S3UploadTest extends TwoNodes {
    private static final long DAY = Duration.ofDays(1).toMillis();
    /** Size of a part. */
    private static final int PART = 5 * MIB;

    @Test
    void aLargeUploadIsNotVisibleBeforeItsCommit() throws Exception {
        byte[] old = bytes(1, 100);
        byte[] large = bytes(2, 20 * MIB);
        node.store("/f", WriteMode.REPLACE, old);
        for (String path : List.of("/f", "/new")) {
            try (ByteSink sink = node.open(path, WriteMode.REPLACE)) {
                put(sink, large, 0, large.length);
                assertEquals(path.equals("/f"), other.exists(path));
                assertArrayEquals(old, other.load("/f"));
                assertEquals(large.length, sink.commit());
            }
            assertArrayEquals(large, other.load(path));
            node.store("/f", WriteMode.REPLACE, old);
        }
        assertEquals(List.of(), node.beside());
        assertEquals(64 * MIB, node.memory.freeBytes());
    }

    @Test
    void anotherNodeGoesOnWithTheUploadOfOneThatDied() throws Exception {
        byte[] large = bytes(3, 17 * MIB + 5);
        ByteSink dead = node.open("/f", WriteMode.REPLACE);
        put(dead, large, 0, 12 * MIB);
        node.awaitRequests("UploadPart", 2);
        assertEquals(2 * PART, other.partSize("/f"));
        assertEquals(
                new UploadStart(Base.PART, 2 * PART),
                other.check("/f", WriteMode.APPEND).start());
        try (ByteSink sink = other.open("/f", WriteMode.resumeAt(2 * PART))) {
            put(sink, large, 2 * PART, large.length);
            assertFalse(node.exists("/f"));
            sink.commit();
        }
        assertArrayEquals(large, other.load("/f"));
        assertEquals(List.of(), other.beside());
    }

    @Test
    void aBrokenUploadKeepsAlsoTheBytesAfterItsLastPart() throws Exception {
        byte[] large = bytes(4, 13 * MIB);
        breakOff("/f", WriteMode.REPLACE, large, 0, 12 * MIB + 7);
        assertEquals(12 * MIB + 7, other.partSize("/f"));
        breakOff("/f", WriteMode.APPEND, large, 12 * MIB + 7, 12 * MIB + 100);
        assertEquals(12 * MIB + 100, node.partSize("/f"));
        try (ByteSink sink = other.open("/f", WriteMode.resumeAt(12 * MIB + 50))) {
            put(sink, large, 12 * MIB + 50, large.length);
            sink.commit();
        }
        assertArrayEquals(large, node.load("/f"));
        assertEquals(List.of(), node.beside());
    }

    private void breakOff(String path, WriteMode mode, byte[] bytes, int from, int to) throws StorageException {
        try (ByteSink sink = node.open(path, mode)) {
            put(sink, bytes, from, to);
            sink.abort(Remains.KEEP);
        }
    }

    @Test
    void anUploadGoesOnAtTheEndOfAPartButNotWithinIt() throws Exception {
        byte[] first = bytes(5, 22 * MIB);
        byte[] second = bytes(6, 22 * MIB);
        breakOff("/f", WriteMode.REPLACE, first, 0, 21 * MIB);
        StorageException refusal =
                assertThrows(StorageException.class, () -> other.open("/f", WriteMode.resumeAt(PART + 1)));
        assertEquals(Reason.PART_TOO_SHORT, refusal.reason());
        assertTrue(refusal.getMessage().contains("at " + PART + " or from " + 4 * PART), refusal.getMessage());
        refused(Reason.PART_TOO_SHORT, () -> other.check("/f", WriteMode.resumeAt(PART + 1)));
        node.requests();
        ByteSink dead = node.open("/f", WriteMode.resumeAt(PART));
        put(dead, second, PART, 3 * PART);
        put(dead, second, 3 * PART, 3 * PART + 1);
        node.awaitRequests("UploadPart", 3 + 2); // three parts are spoiled first
        assertEquals(3 * PART, other.partSize("/f"), "the old parts after the new ones do not count");
        try (ByteSink sink = other.open("/f", WriteMode.resumeAt(3 * PART))) {
            put(sink, second, 3 * PART, second.length);
            sink.commit();
        }
        byte[] whole = second.clone();
        System.arraycopy(first, 0, whole, 0, PART);
        assertArrayEquals(whole, other.load("/f"));
        assertEquals(List.of(), other.beside());
    }

    @Test
    void anUploadThatWentBackAPartAndBrokeKeepsItsOwnBytes() throws Exception {
        byte[] first = bytes(20, 11 * MIB);
        byte[] second = bytes(21, 11 * MIB);
        breakOff("/f", WriteMode.REPLACE, first, 0, first.length);
        breakOff("/f", WriteMode.resumeAt(PART), second, PART, PART + 10);
        assertEquals(PART + 10, other.partSize("/f"));
        try (ByteSink sink = other.open("/f", WriteMode.APPEND)) {
            put(sink, second, PART + 10, second.length);
            sink.commit();
        }
        byte[] whole = second.clone();
        System.arraycopy(first, 0, whole, 0, PART);
        assertArrayEquals(whole, other.load("/f"));
        assertEquals(List.of(), other.beside());
    }

    @Test
    void anAppendAddsToSmallAndLargeFiles() throws Exception {
        for (int size : List.of(10, PART, 13 * MIB)) {
            byte[] all = bytes(7, size + 6 * MIB);
            byte[] file = Arrays.copyOf(all, size);
            node.store("/f", WriteMode.REPLACE, file);
            node.requests();
            for (Remains remains : Remains.values()) {
                try (ByteSink sink = node.open("/f", WriteMode.APPEND)) {
                    assertEquals(new UploadStart(Base.FILE, size), sink.begun());
                    put(sink, all, size, all.length);
                    assertArrayEquals(file, other.load("/f"));
                    sink.abort(remains);
                }
                assertArrayEquals(file, other.load("/f"));
                assertEquals(List.of(), node.beside());
            }
            try (ByteSink sink = node.open("/f", WriteMode.APPEND)) {
                put(sink, all, size, all.length);
                assertEquals(all.length, sink.commit());
            }
            assertArrayEquals(all, other.load("/f"));
            assertEquals(size >= PART, node.requests().containsKey("UploadPartCopy"));
        }
        assertEquals(List.of(), node.beside());
    }

    @Test
    void aResumeWithinALargeFileCanBreakAndGoOn() throws Exception {
        byte[] old = bytes(8, 13 * MIB);
        byte[] all = bytes(9, 13 * MIB);
        node.store("/f", WriteMode.REPLACE, old);
        breakOff("/f", WriteMode.resumeAt(12 * MIB), all, 12 * MIB, 12 * MIB + 10);
        assertArrayEquals(old, other.load("/f"));
        try (ByteSink sink = other.open("/f", WriteMode.resumeAt(12 * MIB + 10))) {
            assertEquals(Base.PART, sink.begun().base());
            put(sink, all, 12 * MIB + 10, 12 * MIB + 20);
            sink.commit();
        }
        byte[] whole = Arrays.copyOf(all, 12 * MIB + 20);
        System.arraycopy(old, 0, whole, 0, 12 * MIB);
        assertArrayEquals(whole, node.load("/f"));
        assertEquals(List.of(), node.beside());
    }

    @Test
    void theLateOneOfTwoUploadsLoses() throws Exception {
        byte[] large = bytes(10, 11 * MIB);
        for (int size : List.of(100, large.length)) {
            for (String path : List.of("/free" + size, "/taken" + size)) {
                if (path.startsWith("/taken")) {
                    node.store(path, WriteMode.REPLACE, bytes(11, 3));
                }
                try (ByteSink late = node.open(path, WriteMode.REPLACE)) {
                    put(late, large, 0, size);
                    other.store(path, WriteMode.REPLACE, bytes(12, 5));
                    refused(Reason.CHANGED, late::commit);
                }
                assertArrayEquals(bytes(12, 5), other.load(path));
                refused(Reason.OFFSET_OUT_OF_RANGE, () -> node.open(path, WriteMode.resumeAt(6)));
            }
        }
        node.uploads.sweep(node.keys(), Duration.ZERO);
        assertEquals(List.of(), node.beside());
    }

    @Test
    void oneOfTwoNewFilesGetsTheName() throws Exception {
        try (ByteSink one = node.open("/f", WriteMode.CREATE_NEW);
                ByteSink two = other.open("/f", WriteMode.CREATE_NEW)) {
            put(one, bytes(13, 10), 0, 10);
            put(two, bytes(13, 10), 0, 10);
            two.commit();
            refused(Reason.ALREADY_EXISTS, one::commit);
        }
        assertEquals(List.of(), node.beside());
    }

    @Test
    void anUploadChangesNothingWhileItsFenceDoesNotHold() throws Exception {
        byte[] large = bytes(14, 12 * MIB);
        for (int size : List.of(100, 12 * MIB)) {
            boolean[] holds = {true};
            try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
                sink.fenceBy(() -> holds[0]);
                put(sink, large, 0, size);
                List<String> beside = size > PART ? List.copyOf(node.beside()) : List.of();
                holds[0] = false;
                refused(Reason.IO, sink::commit);
                assertFalse(node.exists("/f"));
                sink.abort(Remains.DISCARD);
                assertEquals(beside, node.beside());
            }
        }
        assertEquals(64 * MIB, node.memory.freeBytes());
    }

    @Test
    void theSweepRemovesWhatIsOldButNoUploadThatRuns() throws Exception {
        byte[] large = bytes(15, 12 * MIB);
        breakOff("/small", WriteMode.REPLACE, large, 0, 10);
        breakOff("/large", WriteMode.REPLACE, large, 0, 12 * MIB);
        node.bucket.multiparts().create(node.key("/orphan"), Map.of());
        node.bucket.put(new Records(node.bucket).staged(node.key("/old"), "0"), Body.EMPTY, Map.of(), Condition.none());
        try (ByteSink runs = node.open("/runs", WriteMode.REPLACE)) {
            put(runs, large, 0, large.length);
            assertEquals(0, node.uploads.sweep(node.keys(), Duration.ofHours(1)));
            Duration all = Duration.ofSeconds(-5); // s3proxy tells the present time as the start of an upload
            assertEquals(3, node.uploads.sweep(node.keys(), all), node.beside().toString());
            assertEquals(2, node.beside().size(), node.beside().toString());
            runs.commit();
        }
        assertArrayEquals(large, node.load("/runs"));
        assertEquals(List.of(), node.beside());
    }

    /** The clock of the node that sweeps is a day ahead of the service. */
    @Test
    void theAgeOfPartsIsToldByTheClockOfTheService() throws Exception {
        breakOff("/f", WriteMode.REPLACE, bytes(26, 12 * MIB), 0, 12 * MIB);
        try (Bucket ahead =
                        new Bucket(node.bucket.settings(), StoreMeter.NONE, () -> System.currentTimeMillis() + DAY);
                Uploads uploads = new Uploads(new Tree(ahead), new TransferMemory(64 << 20), false)) {
            assertEquals(0, uploads.sweep(node.keys(), Duration.ofHours(1)));
        }
        assertEquals(12 * MIB, other.partSize("/f"));
    }

    /** It sends nothing for a long time, as under a long review, and no record names it. */
    @Test
    void theSweepOfOneNodeLeavesTheUploadsOfAnotherAlone() throws Exception {
        byte[] large = bytes(27, 12 * MIB);
        node.store("/f", WriteMode.REPLACE, Arrays.copyOf(large, 6 * MIB));
        Duration age = Duration.ofSeconds(3); // services tell times in whole seconds
        try (ByteSink append = node.open("/f", WriteMode.APPEND);
                UploadNode reviewing = new UploadNode(
                        service,
                        "theSweepOfOneNodeLeavesTheUploadsOfAnotherAlone",
                        new TransferMemory(64 << 20),
                        true);
                ByteSink staged = reviewing.open("/staged", WriteMode.REPLACE)) {
            put(append, large, 6 * MIB, large.length);
            put(staged, large, 0, large.length);
            staged.review().close();
            node.bucket.put(
                    "theSweepOfOneNodeLeavesTheUploadsOfAnotherAlone/.flotilla-parts/probe-1",
                    Body.EMPTY,
                    Map.of(),
                    Condition.none());
            long begun = other.bucket.nowMillis();
            while (other.bucket.nowMillis() <= begun + age.plusSeconds(2).toMillis()) {
                assertEquals(0, node.uploads.sweep(node.keys(), age));
                assertEquals(0, reviewing.uploads.sweep(reviewing.keys(), age));
                other.bucket.list("", false, null, 1); // its answer tells the time
            }
            assertEquals(
                    0, other.uploads.sweep(other.keys(), age), other.beside().toString());
            assertFalse(
                    other.beside().toString().contains("probe-"), other.beside().toString());
            append.commit();
            staged.commit();
        }
        assertArrayEquals(large, other.load("/f"));
        assertArrayEquals(large, other.load("/staged"));
        assertEquals(List.of(), other.beside());
    }

    @Test
    void withoutAPrefixOnlyUploadsOfTheServerAreGivenUp() throws Exception {
        service.createBucket("whole");
        try (Bucket whole = service.bucket("bucket", "whole");
                Uploads uploads = new Uploads(new Tree(whole), new TransferMemory(64 << 20), false)) {
            whole.multiparts().create("alice/foreign", Map.of());
            whole.multiparts().create(new Records(whole).staged("alice/own", "1"), Map.of());
            assertEquals(1, uploads.sweep(Keys.of("", "alice"), Duration.ofSeconds(-5)));
            assertEquals(
                    List.of("alice/foreign"),
                    whole.multiparts().open("", null, null).uploads().stream()
                            .map(OpenUpload::key)
                            .toList());
        }
    }

    /** What runs while an upload waits must not cost the node memory when it fails. */
    @Test
    void aFailureThatNobodyExpectsGivesTheMemoryBack() throws Exception {
        byte[] large = bytes(28, 40 * MIB);
        try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
            sink.whileWaiting(() -> {
                throw new IllegalStateException("for the test");
            });
            assertThrows(IllegalStateException.class, () -> {
                while (true) { // four parts on their way are enough
                    put(sink, large, 0, large.length);
                }
            });
        }
        assertEquals(64 * MIB, node.memory.freeBytes());
    }

    @Test
    void partsGoWithTheirDirectory() throws Exception {
        byte[] large = bytes(16, 6 * MIB);
        node.tree.keep(node.keys(), node.target("/d").file());
        breakOff("/d/f", WriteMode.REPLACE, large, 0, large.length);
        breakOff("/other", WriteMode.REPLACE, large, 0, 10);
        try (ByteSink runs = node.open("/d/runs", WriteMode.REPLACE)) {
            put(runs, large, 0, large.length);
            node.uploads.dropBelow(node.key("/d") + "/");
            runs.commit();
        }
        assertEquals(-1, node.partSize("/d/f"));
        assertEquals(10, node.partSize("/other"));
        assertTrue(node.uploads.drop(node.key("/other")));
        assertFalse(node.uploads.drop(node.key("/other")));
        assertEquals(List.of(), node.beside());
    }

    @Test
    void aSmallFileTakesFewRequests() throws Exception {
        node.tree.keep(node.keys(), node.target("/d").file());
        node.tree.isDirectory(node.key("/d") + "/");
        node.requests();
        for (String path : List.of("/f", "/d/g")) {
            node.check(path, WriteMode.REPLACE);
            node.uploads.beginReplacing(node.keys(), node.target(path).file());
            node.store(path, WriteMode.REPLACE, bytes(17, 10_000));
            assertEquals(Map.of("HeadObject", 1, "ListObjectsV2", 1, "PutObject", 1), node.requests(), path);
        }
        node.check("/f", WriteMode.REPLACE);
        node.uploads.beginReplacing(node.keys(), node.target("/f").file());
        node.store("/f", WriteMode.REPLACE, bytes(18, 10_000));
        assertEquals(
                Map.of("HeadObject", 1, "ListObjectsV2", 1, "PutObject", 2, "DeleteObject", 1),
                node.requests(),
                "an old file is kept from being taken for the first bytes of a broken upload");
    }

    @Test
    void aDirectoryIsFoundBehindAllNamesThatBeginAsItsOwn() throws Exception {
        for (int number = 0; number < 30; number++) {
            node.store("/name-" + number, WriteMode.REPLACE, bytes(number, 1));
        }
        node.tree.keep(node.keys(), node.target("/name").file());
        refused(Reason.IS_A_DIRECTORY, () -> node.check("/name", WriteMode.REPLACE));
        assertEquals(false, node.tree.named(node.key("/name-3")).directory());
    }

    @Test
    void theFirstFileOfANodeMayBeLargeWhateverTheServiceKnows() throws Exception {
        byte[] large = bytes(19, 6 * MIB);
        node.store("/single", WriteMode.REPLACE, Arrays.copyOf(large, 4 * MIB));
        other.store("/parts", WriteMode.COPY, large);
        assertArrayEquals(large, node.load("/parts"));
        assertEquals(List.of(), node.beside());
    }

    @Test
    void bytesThatChangeOnTheirWayAreNotStored() throws Exception {
        byte[] small = "the word WRONGBYTE is in here".getBytes(StandardCharsets.US_ASCII);
        byte[] large = bytes(22, 6 * MIB);
        System.arraycopy(small, 0, large, 1000, small.length);
        try (FlippingProxy line = new FlippingProxy(service.endpoint(), "WRONGBYTE");
                UploadNode far = new UploadNode(
                        service,
                        "bytesThatChangeOnTheirWayAreNotStored",
                        new TransferMemory(64 << 20),
                        false,
                        "endpoint",
                        line.endpoint().toString())) {
            far.store("/ok", WriteMode.REPLACE, bytes(23, 100));
            refused(Reason.IO, () -> far.store("/small", WriteMode.COPY, small));
            assertTrue(line.flipped() > 0);
            int before = line.flipped();
            refused(Reason.IO, () -> far.store("/large", WriteMode.COPY, large));
            assertTrue(line.flipped() > before);
        }
        assertTrue(node.exists("/ok"));
        assertFalse(node.exists("/small"));
        assertFalse(node.exists("/large"));
        assertEquals(List.of(), node.beside());
    }

    /** As for an upload without a verdict of the scanner: its part must not look like the whole file. */
    @Test
    void aPartCanBeMadeShorter() throws Exception {
        byte[] file = bytes(24, 6 * MIB);
        for (int size : List.of(100, file.length)) {
            try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
                put(sink, file, 0, size);
                sink.abort(Remains.KEEP);
            }
            assertEquals(size, other.partSize("/f"));
            try (ByteSink sink = node.open("/f", WriteMode.resumeAt(size - 1))) {
                sink.abort(Remains.KEEP);
            }
            assertEquals(size - 1, other.partSize("/f"));
            try (ByteSink sink = other.open("/f", WriteMode.resumeAt(size - 1))) {
                put(sink, file, size - 1, size);
                sink.commit();
            }
            assertArrayEquals(Arrays.copyOf(file, size), node.load("/f"));
            node.uploads.drop(node.key("/f"));
            node.bucket.delete(node.key("/f"));
        }
    }

    @Test
    void anUploadToAStoreThatIsClosedFailsAtOnce() throws Exception {
        UploadNode closed = UploadNode.of(service, "closed");
        ByteSink sink = closed.open("/f", WriteMode.REPLACE);
        put(sink, bytes(25, 100), 0, 100);
        closed.close();
        refused(Reason.IO, sink::commit);
        refused(Reason.IO, () -> closed.open("/g", WriteMode.REPLACE));
    }

    @Test
    void aRequestThatBreaksInAnUnusualWayIsNotAwaitedForEver() {
        Parallel asking = new Parallel(task -> new Thread(task).start());
        refused(Reason.IO, () -> asking.start(() -> {
                    throw new NoClassDefFoundError("for the test");
                })
                .get());
    }
}
