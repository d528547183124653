package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that changes accounts at seeded moments, sometimes while its heap is full. Every acknowledged change
 * must be there afterwards. {@code -Dflotilla.test.kills=300} makes as many rounds, {@code -Dflotilla.test.seed}
 * chooses other moments.
 */
@Tag("processes")
@Timeout(3_600)
class KilledProcessTest {
    private static final int KILLS = Integer.getInteger("flotilla.test.kills", 12);
    private static final long SEED = Long.getLong("flotilla.test.seed", 1);
    private static final int NAMES = 12;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void anAcknowledgedChangeOutlivesTheProcessWithTheEmbeddedDatabase() throws Exception {
        rounds(KILLS, Database.embedded(directory), true);
    }

    @Test
    void anAcknowledgedChangeOutlivesTheProcessWithPostgres() throws Exception {
        Optional<Path> programs = PostgresServer.programs();
        assumeTrue(programs.isPresent(), "PostgreSQL is not installed (Debian: apt-get install postgresql)");
        try (PostgresServer server = PostgresServer.start(programs.get())) {
            rounds(Math.max(3, KILLS / 4), new Database(server.url("postgres"), 4, 100), false);
        }
    }

    private static void rounds(int count, Database database, boolean withFullHeaps) throws Exception {
        Map<String, String> expected = new TreeMap<>();
        for (int round = 0; round < count; round++) {
            Random random = new Random(SEED * 1_000_003 + round);
            boolean fullHeap = withFullHeaps && round % 3 == 2;
            List<String> told = killed(database, random, round, fullHeap);
            Map<String, String> found;
            try (JdbcUserStore store = JdbcUserStore.open(database)) {
                found = all(store);
            }
            expected = replay(expected, told, found, "seed " + SEED + ", round " + round);
        }
    }

    /** Lets a process change accounts, and kills it. Returns its output. */
    private static List<String> killed(Database database, Random random, int round, boolean fullHeap)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        database.jdbcUrl(),
                        String.valueOf(random.nextLong()),
                        String.valueOf(round),
                        String.valueOf(fullHeap))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int last = random.nextInt(60);
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int done = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told.add(line);
                done += line.startsWith("done") ? 1 : 0;
                if (done == last || line.equals("enough")) {
                    process.toHandle().destroyForcibly(); // its output before its death is still read
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return told;
    }

    /**
     * The accounts that must be there: all acknowledged changes. The change that was tried last, and those that failed,
     * may be there, too.
     */
    private static Map<String, String> replay(
            Map<String, String> before, List<String> told, Map<String, String> found, String where) {
        Map<String, List<String>> possible = new TreeMap<>();
        before.forEach((name, hash) -> possible.put(name, new ArrayList<>(List.of(hash))));
        for (String line : told) {
            String[] words = line.split(" ", -1);
            if (words.length < 3 || !(words[0].equals("try") || words[0].equals("done"))) {
                continue;
            }
            List<String> values = possible.computeIfAbsent(words[1], name -> new ArrayList<>(List.of("")));
            if (words[0].equals("done")) {
                values.clear();
            }
            values.add(words[2]);
        }
        possible.forEach((name, values) -> assertTrue(
                values.contains(found.getOrDefault(name, "")),
                () -> where + ": " + name + " is '" + found.get(name) + "', not of " + values));
        assertTrue(possible.keySet().containsAll(found.keySet()), () -> where + ": nobody made all of " + found);
        return found;
    }

    private static Map<String, String> all(JdbcUserStore store) {
        return store.list("", 1_000).stream()
                .collect(Collectors.toMap(User::name, User::passwordHash, (a, b) -> b, TreeMap::new));
    }

    /**
     * Changes accounts until the process is killed. It prints each change before it tries it, and prints again when it
     * is done.
     */
    static final class Writer {
        private static final List<byte[]> HEAP = new ArrayList<>();

        private Writer() {}

        public static void main(String[] arguments) {
            Random random = new Random(Long.parseLong(arguments[1]));
            boolean fullHeap = Boolean.parseBoolean(arguments[3]);
            try (UserDatabase database = Databases.open(new Database(arguments[0], 4, 100));
                    JdbcUserStore store = JdbcUserStore.on(database)) {
                countBeside(new JdbcQuotaStore(database));
                for (int i = 0; i < 400; i++) {
                    if (fullHeap && i == 10) {
                        eat();
                    }
                    change(store, random, arguments[2] + "-" + i);
                }
                System.out.println("enough");
                int unused = System.in.read();
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                System.out.println("enough");
            }
        }

        /** Writes usages while accounts change, as a server does. */
        private static void countBeside(JdbcQuotaStore quotas) {
            Thread thread = new Thread(() -> {
                for (long i = 0; ; i++) {
                    try {
                        quotas.putAll(Map.of("user" + i % NAMES, new Usage(i, i)));
                    } catch (RuntimeException | OutOfMemoryError e) {
                        continue; // this also happens when the database is closed; the process is killed later
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private static void change(JdbcUserStore store, Random random, String hash) {
            String name = "user" + random.nextInt(NAMES);
            boolean remove = random.nextInt(4) == 0;
            String change = name + " " + (remove ? "" : hash);
            System.out.println("try " + change);
            try {
                if (remove) {
                    store.remove(name);
                } else {
                    store.put(User.create(name, hash, "/"));
                }
                System.out.println("done " + change);
            } catch (RuntimeException | OutOfMemoryError e) {
                System.out.println("failed " + change);
            }
        }

        /** Leaves so little of the heap that work fails now and then. */
        private static void eat() {
            for (int size = 1 << 20; size >= 1 << 12; size /= 2) {
                try {
                    while (true) {
                        HEAP.add(new byte[size]);
                    }
                } catch (OutOfMemoryError full) {
                    continue;
                }
            }
            HEAP.subList(HEAP.size() - Math.min(HEAP.size(), 40), HEAP.size()).clear();
        }
    }
}
