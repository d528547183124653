package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Usage;
import java.nio.file.Path;
import java.time.Duration;
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

    @Test
    void theFirstCountHolds() {
        assertEquals(Optional.empty(), get(quotas.find("q-1")));
        assertEquals(new Usage(10, 1), get(quotas.set("q-1", new Usage(10, 1))));
        assertEquals(new Usage(10, 1), get(quotas.set("q-1", new Usage(99, 9))));
        assertEquals(Optional.of(new Usage(10, 1)), get(quotas.find("q-1")));
    }

    @Test
    void whatWouldExceedALimitIsRefused() {
        get(quotas.set("q-2", new Usage(90, 9)));
        assertFalse(get(quotas.reserve("q-2", 11, 0, 100, 0)));
        assertFalse(get(quotas.reserve("q-2", 0, 2, 0, 10)));
        assertTrue(get(quotas.reserve("q-2", 10, 1, 100, 10)));
        assertFalse(get(quotas.reserve("q-2", Long.MAX_VALUE, 0, 100, 0)));
        assertTrue(get(quotas.reserve("q-2", 1_000, 0, 0, 10)));
        assertTrue(get(quotas.reserve("q-2", -50, -1, 100, 10)));
        assertEquals(Optional.of(new Usage(1_050, 9)), get(quotas.find("q-2")));
        assertTrue(get(quotas.reserve("q-2", -5_000, -50, 0, 0)));
        assertEquals(Optional.of(new Usage(0, 0)), get(quotas.find("q-2")));
    }

    @Test
    void manyAtOnceNeverExceedALimit() {
        get(quotas.set("q-3", new Usage(0, 0)));
        List<CompletableFuture<Boolean>> all = IntStream.range(0, 200)
                .mapToObj(i -> quotas.reserve("q-3", 10, 1, 995, 0).toCompletableFuture())
                .toList();
        assertEquals(99, all.stream().filter(CompletableFuture::join).count());
        assertEquals(Optional.of(new Usage(990, 99)), get(quotas.find("q-3")));
    }

    @Test
    void usageSurvivesARestart(@TempDir Path directory) {
        ClusterNode before = TestNodes.start("first", directory, List.of(), Duration.ofHours(1));
        get(before.quotas().set("q-4", new Usage(1, 1)));
        assertTrue(get(before.quotas().reserve("q-4", 41, 1, 0, 0)));
        get(before.leave());
        ClusterNode after = TestNodes.start("second", directory, List.of(), Duration.ofHours(1));
        assertEquals(Optional.of(new Usage(42, 2)), get(after.quotas().find("q-4")));
        get(after.leave());
    }
}
