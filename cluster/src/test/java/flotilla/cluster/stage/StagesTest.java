package flotilla.cluster.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hazelcast.core.OperationTimeoutException;
import flotilla.cluster.ActorThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that an operation that may be repeated has more time, and is started again when Hazelcast has given it up, but
 * only so often.
 */
class StagesTest {
    private static final int TRIES = 3;

    private final Ticker ticker = new Ticker(Thread::new);
    private final Stages stages = new Stages(
            new Deadlines(Duration.ofMillis(1), ticker),
            new Deadlines(Duration.ofSeconds(1), ticker),
            TRIES,
            failure -> failure instanceof OperationTimeoutException,
            ActorThreads.of(Runnable::run),
            new LongAdder());
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void close() {
        ticker.close();
    }

    /** An operation that gets no answer. */
    private Supplier<CompletionStage<String>> silent(String name) {
        return () -> {
            asked.add(name);
            return new CompletableFuture<>();
        };
    }

    private Supplier<CompletionStage<String>> failing(RuntimeException failure) {
        return () -> {
            asked.add("failing");
            return CompletableFuture.failedFuture(failure);
        };
    }

    private Supplier<CompletionStage<String>> answering() {
        return () -> {
            asked.add("answering");
            return CompletableFuture.completedFuture("answer");
        };
    }

    private static Throwable failureOf(CompletableFuture<?> stage) {
        return assertThrows(CompletionException.class, stage::join).getCause();
    }

    @Test
    void whatHazelcastGaveUpIsStartedAgain() {
        Supplier<CompletionStage<String>> givenUp = failing(new OperationTimeoutException("no heartbeat"));
        assertEquals("answer", stages.insist(givenUp, answering(), text -> text).join());
        assertEquals(List.of("failing", "answering"), asked);
    }

    @Test
    void itIsNotStartedForEver() {
        CompletableFuture<String> answer =
                stages.insist(failing(new OperationTimeoutException("no heartbeat")), text -> text);
        assertInstanceOf(OperationTimeoutException.class, failureOf(answer));
        assertEquals(List.of("failing", "failing", "failing"), asked);
    }

    @Test
    void whatStillRunsIsNotStartedTwice() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> asking = stages.insist(() -> answer, answering(), text -> text);
        assertInstanceOf(TimeoutException.class, failureOf(stages.run(silent("run"), text -> text)));
        answer.complete("late");
        assertEquals("late", asking.join());
        assertEquals(List.of("run"), asked);
    }

    @Test
    void patienceHasAnEnd() {
        assertInstanceOf(TimeoutException.class, failureOf(stages.insist(silent("asked"), text -> text)));
        assertEquals(List.of("asked"), asked);
    }

    @Test
    void aFailureIsAnAnswer() {
        CompletableFuture<String> answer =
                stages.insist(failing(new IllegalStateException("not running")), answering(), text -> text);
        assertInstanceOf(IllegalStateException.class, failureOf(answer));
        assertEquals(List.of("failing"), asked);
    }
}
