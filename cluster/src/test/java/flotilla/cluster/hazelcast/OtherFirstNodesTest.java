package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.OtherFirstNodes.Standing.ENDED;
import static flotilla.cluster.hazelcast.OtherFirstNodes.Standing.MEMBER;
import static flotilla.cluster.hazelcast.OtherFirstNodes.Standing.SILENT;
import static flotilla.cluster.hazelcast.OtherFirstNodes.Standing.UNREACHABLE;
import static flotilla.cluster.hazelcast.OtherFirstNodes.Standing.WAITING;
import static flotilla.cluster.hazelcast.OtherFirstNodes.allowForming;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When a first node may form a cluster. */
class OtherFirstNodesTest {
    @Test
    void itMayWhenAllOthersAreKnownToBeInNone() {
        assertTrue(allowForming(List.of(WAITING, WAITING)));
        assertTrue(allowForming(List.of(ENDED, WAITING)));
        assertTrue(allowForming(List.of(ENDED, ENDED)));
        assertTrue(allowForming(List.of(ENDED)));
    }

    @Test
    void itMayNotWhenOneIsInAClusterOrDoesNotSay() {
        assertFalse(allowForming(List.of(ENDED, MEMBER)));
        assertFalse(allowForming(List.of(WAITING, SILENT)));
        assertFalse(allowForming(List.of(SILENT)));
    }

    @Test
    void aNodeThatIsCutOffFromMostFormsNoSecondCluster() {
        assertFalse(allowForming(List.of(UNREACHABLE, UNREACHABLE)));
        assertFalse(allowForming(List.of(UNREACHABLE, UNREACHABLE, WAITING)));
    }

    @Test
    void aLostHostDoesNotHoldUpTheOthers() {
        assertTrue(allowForming(List.of(UNREACHABLE, WAITING)));
        assertTrue(allowForming(List.of(UNREACHABLE, ENDED)));
        assertTrue(allowForming(List.of(UNREACHABLE)));
    }
}
