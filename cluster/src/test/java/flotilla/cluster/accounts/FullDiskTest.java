package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the embedded database on a full disk, a small file system in memory. */
@Tag("processes")
@Timeout(120)
class FullDiskTest {
    private static final int WRITERS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path disk;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path elsewhere;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        String problem = run("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "none", disk.toString());
        assumeTrue(problem.isEmpty(), "only root can mount a small file system: " + problem);
        mounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", "-l", disk.toString());
        }
    }

    @Test
    void whatIsAcknowledgedOnAFullDiskAndAfterwardsIsThereAtTheNextStart() throws Exception {
        Map<String, String> acknowledged = new TreeMap<>();
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(disk))) {
            change(store, acknowledged, "before", "1");
            fill();
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                refused += change(store, acknowledged, "full" + i, "x".repeat(200)) ? 0 : 1;
                refused += change(store, acknowledged, "before", "full" + i) ? 0 : 1;
            }
            assertTrue(refused > 0, "the disk was not full");
            assertEquals(acknowledged, all(store), "what was refused is not seen, either");
            assertEquals(acknowledged, afterKill());
            Files.delete(disk.resolve("fill"));
            assertTrue(change(store, acknowledged, "before", "after"), "the disk has room again");
            assertTrue(change(store, acknowledged, "after", "1"));
            assertEquals(acknowledged, afterKill());
        }
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(disk))) {
            assertEquals(acknowledged, all(store));
        }
    }

    @Test
    void writersAtTheSameTimeDoNotWaitForEachOtherForEverWhenTheDiskIsFull() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicLong done = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(disk))) {
            for (int writer = 0; writer < WRITERS; writer++) {
                String name = "user" + writer;
                threads.execute(() -> {
                    for (int i = 0; !stopped.get(); i++) {
                        String hash = "x".repeat(200) + i;
                        (change(store, new TreeMap<>(), name, hash) ? done : refused).incrementAndGet();
                    }
                });
            }
            for (int round = 0; round < 20; round++) {
                more(done);
                fill();
                more(refused);
                Files.delete(disk.resolve("fill"));
            }
            more(done);
            stopped.set(true);
            threads.shutdown();
            assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
        } finally {
            stopped.set(true);
        }
    }

    private static void more(AtomicLong count) throws InterruptedException {
        long before = count.get();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (count.get() < before + WRITERS) {
            assertTrue(System.nanoTime() < end, "nothing is written and nothing is refused");
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void aDatabaseThatCannotBeMadeOnAFullDiskIsRefused() throws Exception {
        fill();
        boolean opened;
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(disk))) {
            opened = change(store, new TreeMap<>(), "a", "1");
        } catch (DatabaseException refused) {
            opened = false;
        }
        assertFalse(opened);
    }

    /** Makes a change. Returns whether it was acknowledged. */
    private static boolean change(JdbcUserStore store, Map<String, String> acknowledged, String name, String hash) {
        try {
            store.put(User.create(name, hash, "/"));
            acknowledged.put(name, hash);
            return true;
        } catch (DatabaseException refused) {
            return false;
        }
    }

    private static Map<String, String> all(JdbcUserStore store) {
        return store.list("", 1_000).stream()
                .collect(Collectors.toMap(User::name, User::passwordHash, (a, b) -> b, TreeMap::new));
    }

    /** The accounts that a process would find if this one were killed now. */
    private Map<String, String> afterKill() throws IOException {
        Path copy = Files.createTempDirectory(elsewhere, "copy");
        Files.copy(disk.resolve("users.mv.db"), copy.resolve("users.mv.db"));
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(copy))) {
            return all(store);
        }
    }

    private void fill() throws IOException {
        byte[] block = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(disk.resolve("fill"))) {
            for (int i = 0; i < 10_000; i++) {
                out.write(block);
            }
            throw new AssertionError("the disk has no end");
        } catch (IOException full) {
            assertTrue(Files.exists(disk.resolve("fill")));
        }
    }

    /** Runs a program. Returns its output when it fails, and an empty text otherwise. */
    private static String run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0 ? "" : text + " (failed)";
    }
}
