package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks the embedded database after each single write to its file, and after a part of that write. A process that
 * starts there must find every change that was acknowledged before. {@code -Dflotilla.test.changes=2000} makes as many
 * changes, {@code -Dflotilla.test.seed} makes others.
 */
@Timeout(3_600)
class KilledAtEachWriteTest {
    private static final int CHANGES = Integer.getInteger("flotilla.test.changes", 45);
    private static final long SEED = Long.getLong("flotilla.test.seed", 1);
    private static final int LIVES = 3;
    private static final int NAMES = 8;
    private static final int PAGE = 4_096;

    /**
     * A change of an account.
     *
     * @param hash the account's password hash; empty when the account was removed
     */
    private record Change(String name, String hash, boolean isDone) {}

    private final Random random = new Random(SEED);
    private final Map<String, Set<String>> possible = new TreeMap<>();
    private byte[] file = {};
    private int step;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void whatWasAcknowledgedIsThereAtEachMoment() throws Exception {
        RecordedFile.register();
        for (int life = 0; life < LIVES; life++) {
            live("life" + life);
        }
        for (Object event : RecordedFile.all()) {
            step++;
            if (event instanceof Change change) {
                Set<String> values = possible.computeIfAbsent(change.name(), name -> new LinkedHashSet<>(List.of("")));
                if (change.isDone()) {
                    values.clear();
                }
                values.add(change.hash());
                if (change.isDone()) {
                    check("");
                }
            } else if (event instanceof RecordedFile.Write write) {
                replay(write);
                check("");
            }
        }
        assertTrue(step > CHANGES * 3, () -> "only " + step + " writes and changes were seen");
    }

    /** Opens the database, changes accounts while usages are written at the same time, and closes it. */
    private void live(String life) throws InterruptedException {
        String url = "jdbc:h2:recorded:" + directory.resolve("users") + ";DB_CLOSE_ON_EXIT=FALSE";
        try (UserDatabase database = Databases.open(new Database(url, 4, 10_000));
                JdbcUserStore store = JdbcUserStore.on(database)) {
            AtomicBoolean stopped = new AtomicBoolean();
            Thread beside = new Thread(() -> count(new JdbcQuotaStore(database), stopped));
            beside.start();
            for (int i = 0; i < CHANGES / LIVES; i++) {
                change(store, life + "-" + i);
            }
            stopped.set(true);
            beside.join();
        }
    }

    private static void count(JdbcQuotaStore quotas, AtomicBoolean stopped) {
        for (int i = 0; !stopped.get(); i++) {
            quotas.putAll(Map.of("user" + i % NAMES, new Usage(i, i)));
        }
    }

    private void change(JdbcUserStore store, String hash) {
        String name = "user" + random.nextInt(NAMES);
        boolean remove = random.nextInt(4) == 0;
        RecordedFile.note(new Change(name, remove ? "" : hash, false));
        if (remove) {
            store.remove(name);
        } else {
            store.put(User.create(name, hash, "/"));
        }
        RecordedFile.note(new Change(name, remove ? "" : hash, true));
    }

    private void replay(RecordedFile.Write write) throws IOException {
        byte[] bytes = write.bytes();
        int position = Math.toIntExact(write.position());
        if (bytes == null) {
            file = Arrays.copyOf(file, Math.min(file.length, position));
            return;
        }
        byte[] before = file;
        if (bytes.length > PAGE && !possible.isEmpty()) { // a process can die between two pages of a write
            int pages = (bytes.length - 1) / PAGE;
            file = with(before, position, Arrays.copyOf(bytes, PAGE * (1 + random.nextInt(pages))));
            check(" (in part)");
        }
        file = with(before, position, bytes);
    }

    private static byte[] with(byte[] before, int position, byte[] bytes) {
        byte[] after = Arrays.copyOf(before, Math.max(before.length, position + bytes.length));
        System.arraycopy(bytes, 0, after, position, bytes.length);
        return after;
    }

    private void check(String how) throws IOException {
        if (possible.isEmpty()) {
            return; // nothing was acknowledged, and the table may not exist yet
        }
        Path copy = Files.createDirectories(directory.resolve("copy"));
        Files.write(copy.resolve("users.mv.db"), file);
        String where = "seed " + SEED + ", write " + step + how;
        Map<String, String> found = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + copy.resolve("users"))) {
            Sql.query(
                    connection,
                    "SELECT name, password_hash FROM accounts",
                    row -> found.put(row.getString(1), row.getString(2)));
            Sql.update(connection, "SHUTDOWN IMMEDIATELY");
        } catch (SQLException e) {
            if (!Failures.isClosed(e)) {
                throw new AssertionError(where, e);
            }
        }
        possible.forEach((name, values) -> assertTrue(
                values.contains(found.getOrDefault(name, "")),
                () -> where + ": " + name + " is '" + found.get(name) + "', not of " + values));
    }
}
