package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.UploadLocks;
import flotilla.cluster.hazelcast.OneNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedUploadLocksTest {
    private final ClusterNode node;
    private final UploadLocks locks;

    SharedUploadLocksTest(ClusterNode node) {
        this.node = node;
        locks = node.uploadLocks();
    }

    @Test
    void aFileHasOneWriter() {
        assertTrue(get(locks.lock("/a", node.holder("s1"))));
        assertTrue(get(locks.lock("/a", node.holder("s1"))));
        assertFalse(get(locks.lock("/a", node.holder("s2"))));
        get(locks.unlock("/a", "s2"));
        assertFalse(get(locks.lock("/a", node.holder("s2"))));
        int held = locks.held();
        get(locks.unlock("/a", "s1"));
        assertEquals(held - 1, locks.held());
        assertTrue(get(locks.lock("/a", node.holder("s2"))));
        get(locks.unlock("/a", "s2"));
    }
}
