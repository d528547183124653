package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors, large directories, many uploads at once. */
class ResourceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @Test
    void noDescriptorStaysOpen() throws Exception {
        exercise(1);
        int before = descriptors();
        exercise(60);
        assertEquals(before, descriptors());
    }

    private static int descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null ? -1 : open.length;
    }

    /** Runs a few dozen operations a round; half of them fail. */
    private void exercise(int rounds) throws Exception {
        Path link = root.resolve("link");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of("d/../d"));
        Path outside = root.resolve("out");
        Files.deleteIfExists(outside);
        Files.createSymbolicLink(outside, Path.of("/etc"));
        for (LocalOptions.Atomic atomic : LocalOptions.Atomic.values()) {
            LocalOptions options = LocalOptions.defaults().withFollowLinks(true).withAtomic(atomic);
            try (LocalStorage storage = LocalStorage.open(root, options)) {
                StorageActions files = new StorageActions(storage);
                for (int round = 0; round < rounds; round++) {
                    uploads(files).forEach(ResourceTest::attempt);
                    others(files).forEach(ResourceTest::attempt);
                }
            }
        }
    }

    private static List<Step> uploads(StorageActions files) {
        return List.of(
                () -> files.mkdir("/d"),
                () -> files.mkdir("/d"),
                () -> files.mkdir("/d/e/f/g"),
                () -> files.store("/d/f", "abc"),
                () -> files.store("/link/f", "abc"),
                () -> files.store("/d", "abc"),
                () -> files.store("/out/f", "abc"),
                () -> files.store("/no/f", "abc"),
                () -> files.store("/d/f", "abc", WriteMode.CREATE_NEW),
                () -> files.store("/d/n", "abc", WriteMode.CREATE_NEW),
                () -> files.store("/d/f", "d", WriteMode.APPEND),
                () -> files.store("/d/f", "d", WriteMode.resumeAt(2)),
                () -> files.store("/d/f", "d", WriteMode.resumeAt(99)),
                () -> files.fail("/d/g", "abc", WriteMode.REPLACE, Remains.KEEP),
                () -> files.open("/d/g", WriteMode.resumeAt(99)),
                () -> files.fail("/d/g", "d", WriteMode.APPEND, Remains.KEEP),
                () -> files.fail("/d/g", "d", WriteMode.resumeAt(2), Remains.DISCARD),
                () -> files.fail("/d/f", "d", WriteMode.resumeAt(1), Remains.KEEP),
                () -> commitFails(files));
    }

    private static List<Step> others(StorageActions files) {
        return List.of(
                () -> files.load("/link/f"),
                () -> files.load("/d/f", 99),
                () -> files.load("/d"),
                () -> files.load("/out/passwd"),
                () -> files.names("/"),
                () -> files.names("/link"),
                () -> files.names("/d/f"),
                () -> files.rename("/d/f", "/d/h", true),
                () -> files.rename("/d/h", "/d/n", false),
                () -> files.rename("/d", "/d/e", false),
                () -> files.rename("/d/h", "/out/h", false),
                () -> files.storage().change(path("/d"), AttributeChange.modified(1)),
                () -> files.storage().change(path("/d/h"), AttributeChange.mode(0600)),
                () -> files.storage().freeBytes(path("/d")),
                () -> files.delete("/d/n"),
                () -> files.delete("/d"),
                () -> files.rmdir("/d"),
                () -> files.delete("/d/h"),
                () -> files.delete("/d/g"),
                () -> files.rmdir("/d"),
                () -> files.storage().sweepParts(Duration.ZERO));
    }

    private static void commitFails(StorageActions files) throws StorageException {
        try (ByteSink sink = files.open("/d/c", WriteMode.REPLACE)) {
            put(sink, "x");
            files.mkdir("/d/c");
            sink.commit();
        } finally {
            files.rmdir("/d/c");
        }
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (StorageException e) {
            // Half of them fail on purpose.
        }
    }

    private interface Step {
        void run() throws StorageException;
    }

    @Test
    void twentyThousandEntriesAreListedInOrder() throws Exception {
        List<String> names = IntStream.range(0, 20_000)
                .mapToObj(i -> String.format("file-%05d.dat", i))
                .collect(Collectors.toList());
        List<String> ordered = List.copyOf(names);
        Collections.shuffle(names, new Random(7));
        for (String name : names) {
            Files.createFile(root.resolve(name));
        }
        try (LocalStorage storage = LocalStorage.open(root, LocalOptions.defaults())) {
            List<Entry> entries = new StorageActions(storage).list("/", 500);
            assertEquals(ordered, entries.stream().map(Entry::name).toList());
            Set<String> identities = new HashSet<>();
            entries.forEach(entry -> identities.add(entry.identity()));
            assertEquals(20_000, identities.size());
        }
    }

    @Test
    void newNamesAreGivenToOneUploadOnly() throws Exception {
        try (LocalStorage storage = LocalStorage.open(root, LocalOptions.defaults())) {
            StorageActions files = new StorageActions(storage);
            for (int i = 0; i < 50; i++) {
                String name = "/n" + i;
                long made = IntStream.range(0, 8)
                        .parallel()
                        .filter(n -> succeeds(() -> files.store(name, "by " + n, WriteMode.CREATE_NEW)))
                        .count();
                assertEquals(1, made);
                assertEquals(4, files.load(name).length());
            }
            assertEquals(0, storage.sweepParts(Duration.ZERO));
        }
    }

    @Test
    void oneOfManyMakesADirectory() throws Exception {
        try (LocalStorage storage = LocalStorage.open(root, LocalOptions.defaults())) {
            StorageActions files = new StorageActions(storage);
            for (int i = 0; i < 50; i++) {
                String name = "/d" + i;
                long made = IntStream.range(0, 8)
                        .parallel()
                        .filter(n -> succeeds(() -> files.mkdir(name)))
                        .count();
                assertEquals(1, made);
            }
            assertTrue(storage.stat(VirtualPath.ROOT).isDirectory());
            assertEquals(0, storage.sweepParts(Duration.ZERO));
        }
    }

    private static boolean succeeds(Step step) {
        try {
            step.run();
            return true;
        } catch (StorageException e) {
            assertEquals(StorageException.Reason.ALREADY_EXISTS, e.reason());
            return false;
        }
    }
}
