package flotilla.cluster.forming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.OperationTimeoutException;
import flotilla.cluster.JoinException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Tests starts on a busy machine, with a clock that the test sets. */
class StartPatienceTest {
    private long now;
    private int asked;
    private final StartPatience patience = new StartPatience(
            Duration.ofSeconds(60), failure -> failure instanceof HazelcastException, () -> now, nanos -> now += nanos);

    private String late(int times) {
        now += Duration.ofSeconds(3).toNanos();
        if (asked++ >= times) {
            return "bans";
        }
        throw asked % 2 == 0
                ? new CompletionException(new TimeoutException("late"))
                : new OperationTimeoutException("Invocation{op=com.hazelcast.…}");
    }

    @Test
    void whoAnswersLateIsAskedAgain() throws Exception {
        assertEquals("bans", patience.ask("the bans", () -> late(10)));
        assertEquals(11, asked);
    }

    @Test
    void whenTimeIsUpOnePlainSentenceSaysSo() {
        JoinException over = assertThrows(JoinException.class, () -> patience.ask("the bans", () -> late(1000)));
        String text = String.valueOf(over.getMessage());
        assertTrue(text.startsWith("the other nodes did not give the bans within 3 s"), text);
        assertTrue(!text.contains("hazelcast"), text);
        assertEquals(16, asked);
    }

    @Test
    void whatIsWrongForGoodIsNotTriedAgain() {
        assertThrows(
                CompletionException.class,
                () -> patience.ask("the bans", () -> {
                    asked++;
                    throw new CompletionException(new IllegalArgumentException("wrong"));
                }));
        assertEquals(1, asked);
    }
}
