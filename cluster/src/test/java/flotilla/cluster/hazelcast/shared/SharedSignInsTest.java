package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.SignIns;
import flotilla.cluster.SignIns.SignIn;
import flotilla.cluster.hazelcast.OneNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedSignInsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SignIns signIns;

    SharedSignInsTest(ClusterNode node) {
        signIns = node.signIns();
    }

    private static SignIn signIn(Duration rest) {
        return new SignIn("olga", "OPERATOR", "0123", "node-1", Instant.now().plus(rest));
    }

    @Test
    void itHoldsUntilItIsEnded() {
        SignIn one = signIn(MINUTE);
        assertTrue(get(signIns.keep("ended", one, MINUTE)));
        get(signIns.used("ended", MINUTE));
        assertEquals(Optional.of(one), get(signIns.find("ended")));
        get(signIns.end("ended"));
        assertEquals(Optional.empty(), get(signIns.find("ended")));
        get(signIns.used("ended", MINUTE));
        assertEquals(Optional.empty(), get(signIns.find("ended")));
    }

    @Test
    void itEndsWithoutUseAndAtItsTime() {
        assertTrue(get(signIns.keep("unused", signIn(MINUTE), Duration.ofMillis(1_200))));
        assertTrue(get(signIns.keep("late", signIn(Duration.ofMillis(300)), MINUTE)));
        eventually(() -> get(signIns.find("unused")).isEmpty());
        eventually(() -> get(signIns.find("late")).isEmpty());
    }

    private static SignIn of(String token, Duration rest) {
        return new SignIn("olga", "OPERATOR", token, "node-2", Instant.now().plus(rest));
    }

    @Test
    void oneTokenDoesNotKeepTheOthersOut() {
        for (int i = 0; i < SignIns.MOST_OF_ONE + 2; i++) {
            assertTrue(get(signIns.keep("same" + i, of("same", MINUTE.plusSeconds(i)), MINUTE)));
        }
        assertEquals(Optional.empty(), get(signIns.find("same0")));
        assertEquals(Optional.empty(), get(signIns.find("same1")));
        assertEquals(SignIns.MOST_OF_ONE, get(signIns.checkedBy("node-2")).size());
        assertTrue(get(signIns.checkedBy("node-2")).containsKey("same2"));
        get(signIns.checkedBy("node-2")).keySet().forEach(key -> get(signIns.end(key)));
    }

    @Test
    void theyAreBounded() {
        int kept = 0;
        while (kept < SignIns.MOST && get(signIns.keep("flood" + kept, of("t" + kept / 10, MINUTE), MINUTE))) {
            kept++;
        }
        assertFalse(get(signIns.keep("one more", signIn(MINUTE), MINUTE)));
        for (int i = 0; i < kept; i++) {
            get(signIns.end("flood" + i));
        }
    }
}
