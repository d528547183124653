package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.QuotaLedger.Usage.NOTHING;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Count;
import flotilla.cluster.QuotaLedger.Counted;
import flotilla.cluster.QuotaLedger.Reservation;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.TestNodes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneNode.class)
class SharedQuotasTest {
    private final QuotaLedger quotas;

    SharedQuotasTest(ClusterNode node) {
        quotas = node.quotas();
    }

    private Optional<Usage> usage(String user) {
        return get(quotas.find(user));
    }

    private boolean hold(Reservation work, long bytes, long files, long maxBytes, long maxFiles) {
        return get(work.hold(new Usage(bytes, files), new Usage(maxBytes, maxFiles)));
    }

    /** Counts a home that does not change meanwhile. */
    private Optional<Counted> count(String user, Usage there) {
        Count count = get(quotas.beginCount(user)).orElseThrow();
        return get(quotas.endCount(user, count, there));
    }

    private boolean isDue(String user, Instant before) {
        return quotas.due(before, 10_000).contains(user);
    }

    @Test
    void theFirstCountHolds() {
        assertEquals(Optional.empty(), usage("q-1"));
        assertEquals(new Usage(10, 1), get(quotas.set("q-1", new Usage(10, 1))));
        assertEquals(new Usage(10, 1), get(quotas.set("q-1", new Usage(99, 9))));
        assertEquals(Optional.of(new Usage(10, 1)), usage("q-1"));
    }

    @Test
    void whatWouldExceedALimitIsRefused() {
        get(quotas.set("q-2", new Usage(90, 9)));
        Reservation work = quotas.reservation("q-2");
        assertFalse(hold(work, 11, 0, 100, 0));
        assertFalse(hold(work, 0, 2, 0, 10));
        assertTrue(hold(work, 10, 1, 100, 10));
        assertTrue(hold(work, 10, 1, 100, 10), "what is held already counts once");
        assertFalse(hold(work, Long.MAX_VALUE, 1, 100, 0));
        assertTrue(hold(work, 1_000, 1, 0, 10));
        assertEquals(Optional.of(new Usage(1_090, 10)), usage("q-2"));
        get(work.settle(new Usage(-50, -1), true));
        assertEquals(Optional.of(new Usage(40, 8)), usage("q-2"));
    }

    @Test
    void manyAtOnceNeverExceedALimit() {
        get(quotas.set("q-3", new Usage(0, 0)));
        List<CompletableFuture<Boolean>> all = IntStream.range(0, 200)
                .mapToObj(i -> quotas.reservation("q-3")
                        .hold(new Usage(10, 1), new Usage(995, 0))
                        .toCompletableFuture())
                .toList();
        assertEquals(99, all.stream().filter(CompletableFuture::join).count());
        assertEquals(Optional.of(new Usage(990, 99)), usage("q-3"));
    }

    @Test
    void whatIsStoredSurvivesARestartAndWhatIsReservedDoesNot(@TempDir Path directory) {
        ClusterNode before = TestNodes.start("first", directory, List.of(), Duration.ofHours(1));
        get(before.quotas().set("q-4", new Usage(1, 1)));
        Reservation done = before.quotas().reservation("q-4");
        assertTrue(hold(done, 100, 1, 0, 0));
        get(done.settle(new Usage(41, 1), true));
        assertTrue(hold(before.quotas().reservation("q-4"), 1_000, 1, 0, 0));
        assertEquals(Optional.of(new Usage(1_042, 3)), get(before.quotas().find("q-4")));
        get(before.leave());
        ClusterNode after = TestNodes.start("second", directory, List.of(), Duration.ofHours(1));
        assertEquals(Optional.of(new Usage(42, 2)), get(after.quotas().find("q-4")));
        assertEquals(List.of("q-4"), after.quotas().due(Instant.EPOCH.plusMillis(1), 10));
        get(after.leave());
    }

    @Test
    void aCountCorrectsTheBookAndKeepsWhatUploadsHold() {
        get(quotas.set("q-5", new Usage(500, 5)));
        Reservation upload = quotas.reservation("q-5");
        assertTrue(hold(upload, 30, 1, 0, 0));
        assertEquals(Optional.of(new Counted(new Usage(500, 5), new Usage(20, 2))), count("q-5", new Usage(20, 2)));
        assertEquals(Optional.of(new Usage(50, 3)), usage("q-5"));
        get(upload.show());
        get(upload.settle(new Usage(30, 1), true));
        assertEquals(Optional.of(new Usage(50, 3)), usage("q-5"));
    }

    @Test
    void aCountDuringWhichSomethingWasChangedIsNotEntered() {
        get(quotas.set("q-6", new Usage(500, 5)));
        Reservation removal = quotas.reservation("q-6");
        Count before = get(quotas.beginCount("q-6")).orElseThrow();
        get(removal.show());
        assertEquals(Optional.empty(), get(quotas.beginCount("q-6")), "while something is changed none begins");
        get(removal.settle(new Usage(-100, -1), true));
        assertEquals(Optional.empty(), get(quotas.endCount("q-6", before, new Usage(500, 5))));
        assertEquals(Optional.of(new Usage(400, 4)), usage("q-6"));
        assertEquals(Optional.of(new Counted(new Usage(400, 4), new Usage(400, 4))), count("q-6", new Usage(400, 4)));
    }

    @Test
    void aHomeIsCountedBeforeAnythingIsStoredThere() {
        Count count = get(quotas.beginCount("q-7")).orElseThrow();
        assertEquals(Optional.empty(), usage("q-7"));
        assertTrue(get(quotas.endCount("q-7", count, new Usage(7, 1))).isPresent());
        assertEquals(Optional.of(new Usage(7, 1)), usage("q-7"));
        Reservation removal = quotas.reservation("q-8");
        get(removal.show());
        get(removal.settle(new Usage(-5, -1), true));
        assertEquals(Optional.empty(), usage("q-8"), "who was never counted stays so");
    }

    @Test
    void homesAreDueWhenTheirBooksAreOldOrInDoubt() {
        Instant longAgo = Instant.now().minusSeconds(60);
        count("q-9", NOTHING);
        assertFalse(isDue("q-9", longAgo));
        assertTrue(isDue("q-9", Instant.now().plusSeconds(60)));
        Reservation upload = quotas.reservation("q-9");
        assertTrue(hold(upload, 10, 1, 0, 0));
        get(upload.settle(NOTHING, true));
        assertFalse(isDue("q-9", longAgo), "an upload that fails is no doubt");
        Reservation failed = quotas.reservation("q-9");
        get(failed.show());
        get(failed.settle(NOTHING, false));
        assertTrue(
                isDue("q-9", longAgo), "nobody knows what an upload has changed that failed when it was made visible");
    }

    @Test
    void aUserWhoIsForgottenIsCountedAgain() {
        get(quotas.set("q-10", new Usage(10, 1)));
        get(quotas.forget("q-10"));
        assertEquals(Optional.empty(), usage("q-10"));
        assertEquals(new Usage(99, 9), get(quotas.set("q-10", new Usage(99, 9))));
    }
}
