package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.AttributeChange;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another user of the machine swaps a directory and a link to the outside as fast as possible, while a client works in
 * it.
 */
class SwapRaceTest {
    private static final int ROUNDS = 2_500;
    private static final int ENOUGH = 500;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger swaps = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private Path root = Path.of(".");
    private Path outside = Path.of(".");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(120)
    void nothingOutsideIsEverTouched(boolean followLinks) throws Exception {
        root = Files.createDirectory(temporary.toRealPath().resolve("root"));
        outside = Files.createDirectory(root.resolveSibling("outside"));
        Files.writeString(outside.resolve("file"), "secret");
        Files.createDirectory(outside.resolve("sub"));
        Files.writeString(outside.resolve("only-outside"), "secret");
        Files.createDirectory(root.resolve("d"));
        Files.createSymbolicLink(root.resolve("spare"), outside);
        Set<String> before = snapshot();
        Thread swapper = new Thread(this::swap, "swapper");
        swapper.start();
        try {
            work(LocalOptions.defaults().withFollowLinks(followLinks));
        } finally {
            over.set(true);
            swapper.join();
        }
        assertEquals(before, snapshot());
        assertTrue(swaps.get() > ENOUGH, "only " + swaps + " swaps");
        assertTrue(done.get() > ENOUGH, "only " + done + " operations came through");
    }

    /** Returns the files outside, with sizes, times and modes. */
    private Set<String> snapshot() throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> paths = Files.walk(outside)) {
            for (Path path : paths.toList()) {
                all.add(path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path) + " "
                        + Files.getPosixFilePermissions(path));
            }
        }
        return all;
    }

    private void swap() {
        Path place = root.resolve("d");
        Path directory = root.resolve("hidden");
        Path link = root.resolve("spare");
        while (!over.get()) {
            try {
                Files.move(place, directory, StandardCopyOption.ATOMIC_MOVE);
                Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
                Thread.onSpinWait();
                Files.move(place, link, StandardCopyOption.ATOMIC_MOVE);
                Files.move(directory, place, StandardCopyOption.ATOMIC_MOVE);
                swaps.incrementAndGet();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void work(LocalOptions options) throws Exception {
        try (LocalStorage direct = LocalStorage.open(root, options.withAtomic(LocalOptions.Atomic.OFF));
                LocalStorage storage = LocalStorage.open(root, options)) {
            StorageActions files = new StorageActions(storage);
            StorageActions plain = new StorageActions(direct);
            // more rounds when one of the threads gets less time
            for (int round = 0; round < ROUNDS || done.get() <= ENOUGH || swaps.get() <= ENOUGH; round++) {
                for (Step step : steps(files, plain)) {
                    attempt(step);
                }
            }
        }
    }

    private List<Step> steps(StorageActions files, StorageActions plain) {
        return List.of(
                () -> files.store("/d/file", "mine"),
                () -> assertNotEquals("secret", files.load("/d/file")),
                () -> files.store("/d/file", "", WriteMode.APPEND),
                () -> plain.store("/d/plain", "mine"),
                () -> plain.store("/d/new", "mine", WriteMode.CREATE_NEW),
                () -> files.mkdir("/d/sub"),
                () -> files.mkdir("/d/sub/below"),
                () -> assertTrue(files.names("/d").stream().noneMatch("only-outside"::equals)),
                () -> listedInside(files),
                () -> files.rename("/d/file", "/d/sub/moved", true),
                () -> files.rename("/d/plain", "/plain", true),
                () -> files.storage().change(path("/d/plain"), AttributeChange.mode(0600)),
                () -> files.storage().change(path("/d/sub"), AttributeChange.modified(1_000_000)),
                () -> files.delete("/d/new"),
                () -> files.delete("/d/sub/moved"),
                () -> files.rmdir("/d/sub/below"),
                () -> files.rmdir("/d/sub"));
    }

    private static void listedInside(StorageActions files) throws StorageException {
        for (Entry entry : files.list("/d", 1)) {
            assertTrue(entry.size() != "secret".length(), () -> "attributes from outside: " + entry);
        }
    }

    private void attempt(Step step) throws Exception {
        try {
            step.run();
            done.incrementAndGet();
        } catch (StorageException e) {
            // The directory was missing at this instant. It matters only that no other directory was used.
        }
    }

    private interface Step {
        void run() throws Exception;
    }
}
