package flotilla.cluster.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.ActorThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests that a release never undoes a later acquire, however long the release takes. */
class GiveBacksTest {
    private final GiveBacks giveBacks = new GiveBacks(ActorThreads.of(Runnable::run));
    private final List<String> started = new ArrayList<>();

    private Supplier<CompletableFuture<String>> starts(String name, CompletableFuture<String> answer) {
        return () -> {
            started.add(name);
            return answer;
        };
    }

    private Supplier<CompletableFuture<String>> done(String name) {
        return starts(name, CompletableFuture.completedFuture(name));
    }

    @Test
    void nothingWaitsWithoutAGiveBack() {
        giveBacks.after("s f", starts("lock", new CompletableFuture<>()));
        giveBacks.after("s f", done("lock again"));
        assertEquals(List.of("lock", "lock again"), started);
    }

    @Test
    void whatIsAskedForComesAfterTheGiveBack() {
        CompletableFuture<String> unlock = new CompletableFuture<>();
        giveBacks.giveBack("s f", starts("unlock", unlock));
        CompletableFuture<String> lock = giveBacks.after("s f", done("lock"));
        assertEquals(List.of("unlock"), started);
        unlock.complete("");
        assertEquals("lock", lock.join());
    }

    @Test
    void othersDoNotWait() {
        giveBacks.giveBack("s f", starts("unlock", new CompletableFuture<>()));
        assertEquals("lock", giveBacks.after("other f", done("lock")).join());
    }

    @Test
    void whatWaitsKeepsItsOrder() {
        CompletableFuture<String> unlock = new CompletableFuture<>();
        CompletableFuture<String> lock = new CompletableFuture<>();
        giveBacks.giveBack("s f", starts("unlock", unlock));
        giveBacks.after("s f", starts("lock", lock));
        giveBacks.giveBack("s f", done("unlock again"));
        giveBacks.after("s f", done("lock again"));
        unlock.complete("");
        assertEquals(List.of("unlock", "lock"), started);
        lock.complete("");
        assertEquals(List.of("unlock", "lock", "unlock again", "lock again"), started);
    }

    @Test
    void aGiveBackThatFailedIsNotWaitedForForEver() {
        CompletableFuture<String> unlock = new CompletableFuture<>();
        giveBacks.giveBack("s f", starts("unlock", unlock));
        CompletableFuture<String> lock = giveBacks.after("s f", done("lock"));
        unlock.completeExceptionally(new TimeoutException("silence"));
        assertEquals("lock", lock.join());
        assertEquals("later", giveBacks.after("s f", done("later")).join());
    }
}
