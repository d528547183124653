package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.JoinException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts two nodes with one name, as a copied configuration would. */
class NamesakeTest {
    @Test
    void aSecondNodeOfOneNameIsToldWhereTheFirstOneIs(@TempDir Path directory) {
        ClusterNode first = TestNodes.start("node-3", directory, List.of(), Duration.ofHours(1));
        try {
            String seed = TestNodes.seed(first);
            CompletionException refused = assertThrows(
                    CompletionException.class,
                    () -> TestNodes.start("node-3", directory, List.of(seed), Duration.ofHours(1)));
            String reason = String.valueOf(
                    assertInstanceOf(JoinException.class, refused.getCause()).getMessage());
            assertTrue(reason.contains(seed), reason);
        } finally {
            get(first.leave());
        }
    }
}
