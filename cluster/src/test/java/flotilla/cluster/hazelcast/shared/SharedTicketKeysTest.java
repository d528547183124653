package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.TicketKeys.TicketKey;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.TestNodes;
import flotilla.cluster.hazelcast.entry.RotateKeys;
import flotilla.cluster.hazelcast.entry.TicketRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneNode.class)
class SharedTicketKeysTest {
    private static TicketKey key() {
        return new TicketKey(new byte[16], new byte[32], new byte[16]);
    }

    @Test
    void thereIsAKeyFromTheStart(ClusterNode node) {
        TicketKey key = node.ticketKeys().current().get(0);
        assertEquals(16, key.name().length);
        assertEquals(32, key.hmacKey().length);
        assertEquals(16, key.aesKey().length);
        assertEquals("TicketKey[***]", key.toString());
    }

    @Test
    void keysRotateAndTheTwoBeforeStillOpen(@TempDir Path directory) throws Exception {
        ClusterNode node = TestNodes.start("rotating", directory, List.of(), Duration.ofMillis(300));
        BlockingQueue<List<TicketKey>> rotations = new LinkedBlockingQueue<>();
        AutoCloseable registration = node.ticketKeys().onRotation(rotations::add);
        try {
            List<TicketKey> last = List.of();
            for (int i = 0; i < 4; i++) {
                last = present(rotations.poll(20, TimeUnit.SECONDS));
            }
            assertEquals(3, last.size());
            List<TicketKey> next = present(rotations.poll(20, TimeUnit.SECONDS));
            assertTrue(java.util.Arrays.equals(last.get(0).name(), next.get(1).name()));
        } finally {
            registration.close();
            get(node.leave());
        }
    }

    @Test
    void ofTwoNodesThatRotateAtOnceOneDoes() {
        TicketRing old = new TicketRing(1_000, List.of(key()));
        Map.Entry<String, TicketRing> entry = new SimpleEntry<>("ring", old);
        TicketRing first = new RotateKeys(key(), 5_000, 4_000).process(entry);
        TicketRing second = new RotateKeys(key(), 5_001, 4_000).process(entry);
        assertEquals(2, first.keys().size());
        assertSame(first, second);
    }

    private static <T> T present(@org.jspecify.annotations.Nullable T value) {
        return java.util.Objects.requireNonNull(value);
    }
}
