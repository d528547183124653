package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.hazelcast.core.Hazelcast;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.accounts.PostgresServer;
import flotilla.cluster.accounts.UserDatabase;
import flotilla.cluster.hazelcast.entry.AccountCopy;
import flotilla.cluster.hazelcast.entry.MapNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests a node while its database is stopped or frozen. */
@Tag("processes")
@Timeout(120)
class DatabaseOutageTest {
    private static final int PIECES = 400;
    private static final Duration SOON = Duration.ofSeconds(6);
    private static final Duration NEVER = Duration.ofSeconds(60);

    private static @Nullable PostgresServer started;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private @Nullable ClusterNode node;

    @BeforeAll
    static void startDatabase() throws Exception {
        Optional<Path> programs = PostgresServer.programs();
        assumeTrue(programs.isPresent(), "PostgreSQL is not installed (Debian: apt-get install postgresql)");
        started = PostgresServer.start(programs.get());
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        if (started != null) {
            started.close();
        }
    }

    @BeforeEach
    void listen() {
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void leave() throws Exception {
        server().signal("CONT");
        logger().detachAppender(logged);
        if (node != null) {
            get(node.leave());
        }
    }

    private static Logger logger() {
        return (Logger) org.slf4j.LoggerFactory.getLogger(UserDatabase.class);
    }

    private static PostgresServer server() {
        if (started == null) {
            throw new IllegalStateException("no server");
        }
        return started;
    }

    private ClusterNode start(Duration timeout) {
        ClusterNode made = TestNodes.start(
                "outage",
                new Database(server().url("postgres") + "&password=secret", 4, 1_000, timeout, Duration.ofHours(1)));
        node = made;
        return made;
    }

    @Test
    void whatOthersDoIsNotHeldUpByLookUpsThatWait() throws Exception {
        ClusterNode one = start(NEVER);
        work(one);
        server().signal("STOP");
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < PIECES; i++) {
            waiting.add(one.users().find("unseen-" + i).toCompletableFuture());
            waiting.add(one.quotas().find("unseen-" + i).toCompletableFuture());
        }
        assertEquals(PIECES, work(one));
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone), "the look-ups were to wait all the time");
    }

    /** Makes the operations that sessions make. Returns how many of them were done. */
    private static int work(ClusterNode one) {
        return (int) IntStream.range(0, PIECES)
                .filter(i -> get(one.uploadLocks().lock("/file-" + i, one.holder("s")))
                        && get(one.uploadLocks().unlock("/file-" + i, "s").handle((done, failure) -> failure == null)))
                .count();
    }

    @Test
    void aFrozenDatabaseIsNotAskedAgainUntilItIsBack() throws Exception {
        outage("STOP", "CONT");
    }

    @Test
    void aStoppedDatabaseIsNotAskedAgainUntilItIsBack() throws Exception {
        outage("", "");
    }

    private void outage(String begin, String end) throws Exception {
        ClusterNode one = start(SOON);
        User kept = User.create("kept" + begin, "", "/");
        User other = User.create("other" + begin, "", "/");
        get(one.users().put(kept));
        get(one.users().put(other));
        get(one.quotas().set("kept" + begin, new Usage(7, 1)));
        assertEquals(Optional.of(kept), get(one.users().find(kept.name())));
        long tenMinutes = Duration.ofMinutes(10).toMillis();
        // other tests may have left a node in this JVM
        Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getName().startsWith("flotilla-outage-"))
                .findFirst()
                .orElseThrow()
                .<String, AccountCopy>getMap(MapNames.USERS)
                .set("stale", new AccountCopy(User.create("stale", "", "/"), System.currentTimeMillis() - tenMinutes));
        if (begin.isEmpty()) {
            server().down();
        } else {
            server().signal(begin);
        }
        try {
            for (int i = 0; i < 100; i++) {
                assertTrue(fails(one.users().find(other.name())), "nobody knows this account now");
            }
            assertTrue(fails(one.users().put(User.create("late", "", "/"))));
            assertFalse(one.users().isUp());
            assertEquals(Optional.of(kept), get(one.users().find(kept.name())));
            assertTrue(get(one.users().find("stale")).isPresent(), "an older copy counts while the database is down");
            assertTrue(get(one.quotas().reservation(kept.name()).hold(new Usage(5, 1), Usage.NOTHING)));
            assertEquals(PIECES, work(one));
        } finally {
            if (end.isEmpty()) {
                server().up();
            } else {
                server().signal(end);
            }
        }
        eventually(one.users()::isUp);
        assertEquals(Optional.of(other), get(one.users().find(other.name())));
        assertEquals(Optional.empty(), get(one.users().find("stale")));
        get(one.users().put(User.create("late", "now", "/")));
        assertEquals(1, told(Level.WARN).size(), told(Level.WARN)::toString);
        assertTrue(told(Level.WARN).get(0).contains("127.0.0.1:"), told(Level.WARN)::toString);
        assertFalse(told(Level.WARN).get(0).contains("secret"));
        assertEquals(1, told(Level.INFO).size(), told(Level.INFO)::toString);
    }

    private List<String> told(Level level) {
        return List.copyOf(logged.list).stream()
                .filter(event -> event.getLevel().equals(level))
                .map(event -> event.getFormattedMessage() + (event.getThrowableProxy() == null ? "" : " with a trace"))
                .toList();
    }

    private static boolean fails(CompletionStage<?> stage) {
        return get(stage.handle((value, failure) -> failure != null));
    }
}
