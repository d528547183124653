package flotilla.storage.sealed;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import flotilla.storage.memory.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of several small segments: every offset, every damage, and several keys. */
class SealedSegmentsTest {
    private static final int SEGMENT = 256;
    private static final int HEADER = 40;
    private static final int FIRST = SEGMENT - HEADER - 16;
    private static final int NEXT = SEGMENT - 16;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final StorageBackend plain = new MemoryStorage(100_000_000);

    @SuppressWarnings("NullAway.Init")
    private Path key;

    @SuppressWarnings("NullAway.Init")
    private StorageBackend sealed;

    @BeforeEach
    void open() throws Exception {
        key = directory.resolve("store.key");
        KeyFile.create(key, SEGMENT);
        sealed = OneHome.sealed(plain, key);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void store(StorageBackend storage, byte[] bytes) throws StorageException {
        store(storage, "/f", bytes);
    }

    private static void store(StorageBackend storage, String file, byte[] bytes) throws StorageException {
        try (ByteSink sink = storage.write(path(file), WriteMode.REPLACE)) {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            while (all.hasRemaining()) {
                ByteBuffer piece = all.slice(all.position(), Math.min(333, all.remaining()));
                all.position(all.position() + piece.remaining());
                sink.write(piece);
            }
            sink.commit();
        }
    }

    /** Reads as far as it goes, and adds what came to {@code came}. */
    private static byte[] load(StorageBackend storage, long offset, ByteArrayOutputStream came)
            throws StorageException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        try (ByteSource source = storage.read(path("/f"), offset)) {
            while (source.read(buffer) >= 0) {
                came.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        return came.toByteArray();
    }

    private static byte[] load(StorageBackend storage, long offset) throws StorageException {
        return load(storage, offset, new ByteArrayOutputStream());
    }

    /** As where a scanner is set to let pass what it cannot read. */
    @Test
    void anUploadWhoseLastSegmentFindsNoRoomIsNotStoredWithoutIt() throws Exception {
        StorageBackend small = OneHome.sealed(new MemoryStorage(SEGMENT + 20), key);
        try (ByteSink sink = small.write(path("/f"), WriteMode.REPLACE)) {
            sink.write(ByteBuffer.wrap(random(FIRST + 10)));
            refused(Reason.NO_SPACE, sink::review);
            refused(Reason.NO_SPACE, sink::commit);
        }
        refused(Reason.NOT_FOUND, () -> small.stat(path("/f")));
    }

    @Test
    void filesOfAllLengthsCanBeReadFromAllBorders() throws Exception {
        List<Integer> borders = new ArrayList<>(List.of(0, 1));
        for (int segments = 0; segments < 4; segments++) {
            for (int beside = -1; beside <= 1; beside++) {
                borders.add(FIRST + segments * NEXT + beside);
            }
        }
        for (int length : borders) {
            byte[] bytes = random(length);
            store(sealed, bytes);
            assertEquals(length, sealed.stat(path("/f")).size());
            for (int offset : borders) {
                if (offset <= length) {
                    assertArrayEquals(
                            Arrays.copyOfRange(bytes, offset, length),
                            load(sealed, offset),
                            length + " from " + offset);
                } else {
                    StorageActions.refused(Reason.OFFSET_OUT_OF_RANGE, () -> load(sealed, offset));
                }
            }
        }
    }

    @Test
    void aReadAtAnOffsetTakesTheHeaderAndTheSegmentsFromThereOn() throws Exception {
        byte[] bytes = random(FIRST + 40 * NEXT);
        store(sealed, bytes);
        AtomicLong read = new AtomicLong();
        StorageBackend counted = OneHome.sealed(counting(read), key);
        int offset = FIRST + 38 * NEXT + 7;
        assertArrayEquals(Arrays.copyOfRange(bytes, offset, bytes.length), load(counted, offset));
        assertEquals(HEADER + 2 * SEGMENT, read.get());
    }

    /** Counts the bytes that are read of the files as they lie there. */
    private StorageBackend counting(AtomicLong read) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> {
                    Object result = method.invoke(plain, given);
                    return result instanceof ByteSource source ? counted(source, read) : result;
                });
    }

    private static ByteSource counted(ByteSource source, AtomicLong read) {
        return new ByteSource() {
            @Override
            public Entry entry() {
                return source.entry();
            }

            @Override
            public int read(ByteBuffer buffer) throws StorageException {
                int count = source.read(buffer);
                read.addAndGet(Math.max(0, count));
                return count;
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }

    @Test
    void noByteOfADamagedSegmentIsGiven() throws Exception {
        byte[] bytes = random(FIRST + 3 * NEXT + 200);
        store(sealed, bytes);
        byte[] good = load(plain, 0);
        for (int segment = 0; segment < 5; segment++) {
            for (int at : List.of(HEADER, SEGMENT / 2, 115)) {
                byte[] damaged = good.clone();
                damaged[segment * SEGMENT + at] ^= 1;
                store(plain, damaged);
                ByteArrayOutputStream came = new ByteArrayOutputStream();
                StorageActions.refused(Reason.IO, () -> load(sealed, 0, came));
                int whole = segment == 0 ? 0 : FIRST + (segment - 1) * NEXT;
                assertTrue(came.size() <= whole, came.size() + " of " + whole);
                assertArrayEquals(Arrays.copyOf(bytes, came.size()), came.toByteArray());
                if (segment == 4 && at == HEADER) {
                    StorageActions.refused(Reason.IO, () -> load(sealed, bytes.length));
                }
            }
        }
        byte[] header = good.clone();
        header[5] ^= 1;
        store(plain, header);
        StorageActions.refused(Reason.IO, () -> load(sealed, FIRST + 5));
    }

    @Test
    void filesThatAreCutMixedOrLongerAreFound() throws Exception {
        store(sealed, random(FIRST + 3 * NEXT));
        byte[] good = load(plain, 0);
        for (int length : List.of(1, HEADER, HEADER + 16, SEGMENT, 2 * SEGMENT, 3 * SEGMENT, good.length - 1)) {
            store(plain, Arrays.copyOf(good, length));
            StorageActions.refused(Reason.IO, () -> load(sealed, 0));
        }
        for (int more : List.of(1, 16, 17, SEGMENT)) {
            store(plain, Arrays.copyOf(good, good.length + more));
            StorageActions.refused(Reason.IO, () -> load(sealed, 0));
        }
        byte[] mixed = good.clone();
        System.arraycopy(good, SEGMENT, mixed, 2 * SEGMENT, SEGMENT);
        System.arraycopy(good, 2 * SEGMENT, mixed, SEGMENT, SEGMENT);
        store(plain, mixed);
        StorageActions.refused(Reason.IO, () -> load(sealed, 0));
        store(sealed, random(FIRST + 3 * NEXT));
        byte[] other = load(plain, 0);
        System.arraycopy(good, SEGMENT, other, SEGMENT, SEGMENT);
        store(plain, other);
        StorageActions.refused(Reason.IO, () -> load(sealed, FIRST));
        store(plain, "never sealed, and longer than a header with its tag would be".getBytes("US-ASCII"));
        StorageActions.refused(Reason.IO, () -> load(sealed, 0));
        assertTrue(sealed.stat(path("/f")).size() >= 0);
    }

    @Test
    void anotherKeyOpensNothing() throws Exception {
        Path other = directory.resolve("other.key");
        KeyFile.create(other, SEGMENT);
        for (int length : List.of(0, 10, 1000)) {
            store(sealed, random(length));
            StorageException refused =
                    assertThrows(StorageException.class, () -> load(OneHome.sealed(plain, other), 0));
            assertEquals(Reason.IO, refused.reason());
            assertTrue(String.valueOf(refused.getMessage()).contains("/f of the store box cannot be opened"));
        }
    }

    @Test
    void oldGenerationsOpenAndTheNewestSeals() throws Exception {
        byte[] bytes = random(1000);
        store(sealed, bytes);
        KeyRing ring = KeyRing.open(key);
        StorageBackend running = new SealedStorage(plain, ring, new Damage(""));
        KeyFile prepared = KeyFile.read(key).prepared();
        assertThrows(IllegalStateException.class, prepared::prepared);
        assertEquals(List.of(true, false), seals(prepared));
        KeyFile rotated = prepared.rotated();
        assertEquals(prepared.generations().size(), rotated.generations().size());
        assertEquals(List.of(false, true), seals(rotated));
        Files.writeString(key, rotated.rotated().text());
        Files.setLastModifiedTime(key, FileTime.fromMillis(5_000));
        ring.look();
        for (int offset : List.of(0, 500, 1000)) {
            assertArrayEquals(Arrays.copyOfRange(bytes, offset, 1000), load(running, offset));
        }
        store(running, bytes);
        StorageActions.refused(Reason.IO, () -> load(sealed, 0));
        assertArrayEquals(bytes, load(OneHome.sealed(plain, key), 0));
        store(running, new byte[0]);
        assertArrayEquals(new byte[0], load(running, 0));
        Files.writeString(key, "{}");
        ring.look();
        store(running, bytes);
        assertArrayEquals(bytes, load(running, 0));
    }

    @Test
    void aKeyFileHasAtMostSoManyGenerations() throws Exception {
        KeyFile file = KeyFile.read(key);
        while (file.generations().size() < 32) {
            file = file.rotated();
        }
        assertThrows(IllegalStateException.class, file::rotated);
        Files.writeString(key, file.text());
        assertEquals(32, KeyFile.read(key).keys().size());
    }

    private static List<Boolean> seals(KeyFile file) {
        return file.generations().stream().map(KeyGeneration::seals).toList();
    }

    @Test
    void aKeyFileThatCannotBeUsedIsRefusedWithoutItsContent() throws Exception {
        assertThrows(IOException.class, () -> KeyFile.create(key, SEGMENT));
        String text = Files.readString(key);
        for (String wrong : List.of("", "secret", text.replace("\"value\":\"", "\"value\":\"secret"))) {
            Files.writeString(key, wrong);
            String message =
                    String.valueOf(assertThrows(IllegalArgumentException.class, () -> OneHome.sealed(plain, key))
                            .getMessage());
            assertFalse(message.contains("secret"), message);
            assertTrue(message.contains("store.key is no keyset of Tink"), message);
        }
        Files.writeString(key, text);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> OneHome.sealed(plain, key))
                .getMessage());
        assertTrue(message.contains("chmod 600"), message);
        Files.delete(key);
        assertThrows(IllegalArgumentException.class, () -> OneHome.sealed(plain, key));
    }

    @Test
    void anUploadIsReviewedInClearBeforeItsCommit() throws Exception {
        StorageBackend readable = (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> {
                    Object result = method.invoke(plain, given);
                    return result instanceof ByteSink sink ? reviewed(sink) : result;
                });
        byte[] bytes = random(1000);
        try (ByteSink sink = OneHome.sealed(readable, key).write(path("/f"), WriteMode.REPLACE)) {
            sink.write(ByteBuffer.wrap(bytes));
            ByteBuffer all = ByteBuffer.allocate(2000);
            try (ByteSource source = sink.review()) {
                assertEquals(1000, source.size());
                while (source.read(all) >= 0) {
                    // until its end
                }
            }
            assertArrayEquals(bytes, Arrays.copyOf(all.array(), all.position()));
            StorageActions.refused(Reason.IO, () -> sink.write(ByteBuffer.allocate(1)));
            assertEquals(1000, sink.commit());
        }
        assertArrayEquals(bytes, load(sealed, 0));
    }

    /** An upload that can be read back: it is stored under another name as well. */
    private ByteSink reviewed(ByteSink sink) throws StorageException {
        ByteSink copy = plain.write(path("/copy"), WriteMode.REPLACE);
        return (ByteSink) Proxy.newProxyInstance(
                ByteSink.class.getClassLoader(), new Class<?>[] {ByteSink.class}, (proxy, method, given) -> {
                    if (method.getName().equals("review")) {
                        copy.commit();
                        return plain.read(path("/copy"), 0);
                    }
                    if (method.getName().equals("write")) {
                        copy.write(((ByteBuffer) given[0]).duplicate());
                    }
                    return method.invoke(sink, given);
                });
    }

    @Test
    void manyUseItAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<byte[]>> done = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int length = 1000 + i;
                done.add(threads.submit(() -> {
                    store(sealed, "/f" + length, random(length));
                    StorageBackend one = sealed;
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    try (ByteSource source = one.read(path("/f" + length), 0)) {
                        ByteBuffer buffer = ByteBuffer.allocate(70);
                        while (source.read(buffer) >= 0) {
                            all.write(buffer.array(), 0, buffer.position());
                            buffer.clear();
                        }
                    }
                    return all.toByteArray();
                }));
            }
            for (int i = 0; i < 40; i++) {
                assertArrayEquals(random(1000 + i), done.get(i).get());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
