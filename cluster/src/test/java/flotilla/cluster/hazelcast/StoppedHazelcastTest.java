package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hazelcast.core.Hazelcast;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.hazelcast.entry.MemberIds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedHazelcastTest {
    @Test
    void aNodeWhoseHazelcastStopsByItselfIsExpelled(@TempDir Path directory) {
        ClusterNode node = TestNodes.start("stops", directory, List.of(), Duration.ofHours(1));
        UUID id = node.memberId();
        Hazelcast.getAllHazelcastInstances().stream()
                .filter(instance ->
                        MemberIds.of(instance.getCluster().getLocalMember()).equals(id))
                .toList()
                .forEach(instance -> instance.getLifecycleService().terminate());
        assertEquals("its Hazelcast has stopped", get(node.expelled()));
    }
}
