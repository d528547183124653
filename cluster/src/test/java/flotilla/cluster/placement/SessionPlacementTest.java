package flotilla.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionPlacementTest {
    @Test
    void idsAreShortAsciiAndDifferent() {
        SessionPlacement placement = SessionPlacement.local(SessionPlacement.shardsOf("n1", 42));
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = placement.newSessionId();
            assertTrue(id.length() <= SessionPlacement.MAX_LENGTH
                    && StandardCharsets.US_ASCII.newEncoder().canEncode(id));
            assertTrue(ids.add(id));
        }
    }

    @Test
    void idsOfANodeShareFewShards() {
        SessionPlacement placement = SessionPlacement.local(SessionPlacement.shardsOf("n1", 42));
        Set<String> shards = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            shards.add(SessionPlacement.shardOf(placement.newSessionId()));
        }
        assertEquals(8, shards.size());
    }

    @Test
    void aNewIncarnationHasNewShards() {
        String before = SessionPlacement.shardOf(
                SessionPlacement.local(SessionPlacement.shardsOf("n1", 42)).newSessionId());
        String after = SessionPlacement.shardOf(
                SessionPlacement.local(SessionPlacement.shardsOf("n1", 43)).newSessionId());
        assertNotEquals(before.substring(0, 8), after.substring(0, 8));
    }

    @Test
    void theShardEndsAtTheLastHyphen() {
        assertEquals("a-b", SessionPlacement.shardOf("a-b-c"));
        assertEquals("abc", SessionPlacement.shardOf("abc"));
    }
}
