package flotilla.storage.s3;

import static flotilla.storage.s3.UploadNode.bytes;
import static flotilla.storage.s3.UploadNode.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.TransferMemories;
import flotilla.storage.TransferMemory;
import flotilla.storage.TransferMemory.Piece;
import flotilla.storage.TransferMemory.Tier;
import flotilla.storage.WriteMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that share too little memory. */
@Tag("processes")
class S3ParkingTest {
    private static final int MIB = 1 << 20;
    private static final Runnable QUIET = () -> {};

    @TempDir
    static Path directory;

    private static S3Proxy service;

    @BeforeAll
    static void start() throws Exception {
        service = S3Proxy.start(directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static UploadNode node(String prefix, long memory) throws Exception {
        return new UploadNode(service, prefix, TransferMemories.impatient(memory), false);
    }

    @Test
    void anUploadThatSleepsGivesItsMemoryToThoseWhoWait() throws Exception {
        byte[] file = bytes(1, 13 * MIB);
        try (UploadNode node = node("sleeps", 12 * MIB)) {
            node.store("/file", WriteMode.REPLACE, Arrays.copyOf(file, 100));
            node.store("/large", WriteMode.REPLACE, Arrays.copyOf(file, 6 * MIB));
            for (String path : List.of("/new", "/new?", "/file", "/large", "/copy")) {
                WriteMode mode = path.equals("/new")
                        ? WriteMode.REPLACE
                        : path.equals("/copy") ? WriteMode.COPY : WriteMode.APPEND;
                try (ByteSink sink = node.open(path, mode)) {
                    int at = (int) sink.start();
                    for (int next : List.of(at + 10, at + 2 * MIB, 12 * MIB, file.length)) {
                        put(sink, file, at, next);
                        at = next;
                        takeAll(node.memory);
                    }
                    assertEquals(file.length, sink.commit(), path);
                }
                assertArrayEquals(file, node.load(path), path);
                assertEquals(List.of(), node.beside(), path);
            }
        }
    }

    /** Waits as another upload would, until the sleeping one has given its memory back. */
    private static void takeAll(TransferMemory memory) throws Exception {
        Piece small = memory.take(Tier.SMALL, memory.largest(Tier.SMALL), QUIET);
        Piece large = memory.take(Tier.LARGE, memory.largest(Tier.LARGE), QUIET);
        assertEquals(0, memory.freeBytes());
        small.close();
        large.close();
    }

    @Test
    void bytesThatWerePutAsideOutliveTheirNode() throws Exception {
        byte[] file = bytes(2, 8 * MIB);
        try (UploadNode node = node("outlive", 12 * MIB);
                UploadNode other = UploadNode.of(service, "outlive")) {
            for (int size : List.of(10, 3 * MIB, 7 * MIB)) {
                String path = "/f" + size;
                ByteSink dead = node.open(path, WriteMode.REPLACE);
                put(dead, file, 0, size);
                takeAll(node.memory);
                assertEquals(size, other.partSize(path));
                try (ByteSink sink = other.open(path, WriteMode.APPEND)) {
                    put(sink, file, size, file.length);
                    sink.commit();
                }
                assertArrayEquals(file, other.load(path));
            }
            assertEquals(List.of(), other.beside());
        }
    }

    @Test
    void anUploadThatWasPutAsideIsKeptOrDropped() throws Exception {
        byte[] file = bytes(3, 3 * MIB);
        try (UploadNode node = node("kept", 12 * MIB)) {
            for (Remains remains : List.of(Remains.KEEP, Remains.DISCARD)) {
                try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
                    put(sink, file, 0, MIB);
                    takeAll(node.memory);
                    sink.abort(remains);
                }
                assertEquals(remains == Remains.KEEP ? MIB : -1, node.partSize("/f"));
                if (remains == Remains.KEEP) {
                    try (ByteSink sink = node.open("/f", WriteMode.APPEND)) {
                        put(sink, file, MIB, 2 * MIB);
                        takeAll(node.memory);
                        sink.abort(Remains.DISCARD);
                    }
                    assertEquals(MIB, node.partSize("/f"), "as the second upload found it");
                }
            }
            assertEquals(List.of(), node.beside());
        }
    }

    @Test
    void manySlowUploadsShareLittleMemory() throws Exception {
        int uploads = 200;
        int sleepers = 4;
        byte[] file = bytes(4, 6 * MIB);
        ExecutorService threads = Executors.newFixedThreadPool(uploads);
        try (UploadNode node = node("many", 32 * MIB)) {
            CountDownLatch begun = new CountDownLatch(uploads);
            CountDownLatch others = new CountDownLatch(uploads - sleepers);
            AtomicLong waits = new AtomicLong();
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < uploads; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    boolean sleeps = number < sleepers;
                    int size = sleeps ? file.length - number : 40_000 + number * 2_000;
                    try (ByteSink sink = node.open("/f" + number, WriteMode.REPLACE)) {
                        sink.whileWaiting(waits::incrementAndGet);
                        put(sink, file, 0, 20_000);
                        begun.countDown();
                        begun.await();
                        if (sleeps) {
                            put(sink, file, 20_000, 2 * MIB);
                            others.await();
                        }
                        int at = sleeps ? 2 * MIB : 20_000;
                        for (; at < size; at += 10_000) {
                            sink.write(ByteBuffer.wrap(file, at, Math.min(10_000, size - at)));
                            Thread.yield();
                        }
                        sink.commit();
                    } finally {
                        begun.countDown();
                        others.countDown();
                    }
                    return size;
                }));
            }
            for (int i = 0; i < uploads; i++) {
                int size = all.get(i).get();
                assertArrayEquals(Arrays.copyOf(file, size), node.load("/f" + i));
            }
            assertTrue(waits.get() > 0, "some uploads waited for memory");
            assertEquals(List.of(), node.beside());
            assertEquals(32 * MIB, node.memory.freeBytes());
        } finally {
            threads.shutdownNow();
        }
    }
}
