package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import flotilla.cluster.Holder;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.NodeSettings.RecountSettings;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.Users;
import flotilla.node.tree.HomeBooks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecountsTest {
    private static final Usage WRONG = new Usage(99, 9);
    private static final Usage THERE = new Usage(5, 1);

    private final MemoryCluster cluster = new MemoryCluster(null);
    private final MemoryBackends backends = new MemoryBackends();
    private @Nullable Recounts recounts;

    @BeforeEach
    void users() {
        for (String name : List.of("alice", "bob", "carol")) {
            cluster.users()
                    .put(Users.user().named(name).home(name).quotaBytes(1_000).make());
            backends.store(name, "/f", "12345");
            cluster.quotas().set(name, WRONG);
        }
    }

    @AfterEach
    void close() {
        if (recounts != null) {
            recounts.close();
        }
    }

    private Recounts recounts(Duration interval, int queue, BooleanSupplier isThere) {
        Recounts made = new Recounts(
                new RecountSettings(interval, 1_000_000, queue),
                cluster,
                new HomeBooks(backends, cluster.quotas()),
                isThere);
        recounts = made;
        return made;
    }

    private Recounts asked() {
        return recounts(Duration.ZERO, 2, () -> true);
    }

    private static RecountAnswer answer(Recounts from, String user) {
        Optional<RecountAnswer> answer = from.ask(user);
        while (answer.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
            answer = from.ask(user);
        }
        return answer.get();
    }

    private Optional<Usage> usage(String user) {
        return cluster.quotas().find(user).toCompletableFuture().join();
    }

    private static void await(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void whoAsksIsToldWhatWasBookedAndWhatIsThere() {
        Recounts here = asked();
        assertEquals(new RecountAnswer.Counted(WRONG, THERE), answer(here, "alice"));
        assertEquals(new RecountAnswer.Counted(THERE, THERE), answer(here, "alice"));
        assertEquals(Optional.of(WRONG), usage("bob"));
    }

    @Test
    void moreThanTheQueueHoldsIsRefused() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Recounts here = recounts(Duration.ZERO, 2, () -> {
            begun.countDown();
            try {
                return go.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                return false;
            }
        });
        assertEquals(Optional.empty(), here.ask("alice"));
        begun.await();
        assertEquals(Optional.empty(), here.ask("bob"));
        assertEquals(Optional.of(new RecountAnswer.Full()), here.ask("carol"));
        assertEquals(Optional.empty(), here.ask("alice"), "who asks again waits for the same count");
        go.countDown();
        assertEquals(new RecountAnswer.Counted(WRONG, THERE), answer(here, "alice"));
        assertEquals(new RecountAnswer.Counted(WRONG, THERE), answer(here, "bob"));
    }

    @Test
    void whoHasNoQuotaIsForgottenAndCountedWhenHeHasOneAgain() {
        cluster.users().put(Users.user().named("alice").home("alice").make());
        assertEquals(new RecountAnswer.NoQuota(), answer(asked(), "alice"));
        assertEquals(Optional.empty(), usage("alice"));
        assertEquals(new RecountAnswer.NoUser(), answer(asked(), "nobody"));
    }

    @Test
    void nothingIsCountedWithoutTheStorage() {
        assertInstanceOf(RecountAnswer.Failed.class, answer(recounts(Duration.ZERO, 2, () -> false), "alice"));
        assertEquals(Optional.of(WRONG), usage("alice"));
    }

    @Test
    void aHomeInWhichSomethingIsChangedIsLeftAlone() {
        cluster.quotas().reservation("alice").show();
        assertEquals(new RecountAnswer.Busy(), answer(asked(), "alice"));
        assertEquals(Optional.of(WRONG), usage("alice"));
    }

    @Test
    void allWhoseBooksAreInDoubtAreCountedWhenNoOtherNodeCounts() {
        Holder other = new Holder("recount-other", new UUID(0, 2));
        cluster.uploadLocks().lock("recount", other);
        CountDownLatch looked = new CountDownLatch(2);
        RecountRounds rounds = new RecountRounds(
                new RecountSettings(Duration.ofSeconds(1), 1_000_000, 2),
                cluster,
                () -> {
                    looked.countDown();
                    return true;
                },
                asked()::recount);
        await(() -> looked.getCount() == 0);
        assertEquals(Optional.of(WRONG), usage("alice"), "another node counts a home");
        cluster.uploadLocks().unlock("recount", "recount-other");
        await(() -> List.of("alice", "bob", "carol").stream()
                .allMatch(user -> usage(user).equals(Optional.of(THERE))));
        rounds.close();
        assertFalse(cluster.quotas().due(Instant.EPOCH.plusMillis(1), 10).contains("alice"));
    }
}
