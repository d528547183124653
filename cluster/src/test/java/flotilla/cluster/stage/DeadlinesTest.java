package flotilla.cluster.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.cluster.ActorThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Ticker ticker = new Ticker(Thread::new);

    @AfterEach
    void close() {
        ticker.close();
    }

    private Stages stages(Duration timeout) {
        Deadlines deadlines = new Deadlines(timeout, ticker);
        return new Stages(deadlines, deadlines, 1, failure -> false, ActorThreads.of(Runnable::run), new LongAdder());
    }

    @Test
    void whatIsNotDoneInTimeFails() {
        Stages stages = stages(Duration.ofMillis(50));
        CompletableFuture<String> late = stages.run(CompletableFuture<String>::new, answer -> answer);
        CompletionException failure = assertThrows(CompletionException.class, late::join);
        assertInstanceOf(TimeoutException.class, failure.getCause());
    }

    @Test
    void whatIsDoneIsLeftAlone() {
        Stages stages = stages(Duration.ofMillis(1));
        CompletableFuture<String> done = stages.run(() -> CompletableFuture.completedFuture("x"), answer -> answer);
        CompletableFuture<String> late = stages.run(CompletableFuture<String>::new, answer -> answer);
        assertThrows(CompletionException.class, late::join);
        assertEquals("x", done.join());
    }

    @Test
    void anOperationThatCannotStartFailsItsStage() {
        Stages stages = stages(Duration.ofSeconds(1));
        Supplier<CompletionStage<String>> broken = () -> {
            throw new IllegalStateException("not running");
        };
        CompletableFuture<String> refused = stages.run(broken, answer -> answer);
        assertThrows(CompletionException.class, refused::join);
    }
}
