package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DigestsTest {
    private final Queue<Runnable> started = new ArrayDeque<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final Digests digests = new Digests(1, started::add, refused::incrementAndGet);

    private CompletableFuture<Optional<String>> compute(String text) {
        return digests.compute(() -> text).toCompletableFuture();
    }

    @Test
    void whoHasItsAnswerFindsItsPlaceFreeAgain() {
        CompletableFuture<Optional<String>> second = compute("a").thenCompose(first -> compute("b"));
        started.remove().run();
        started.remove().run();
        assertEquals(Optional.of("b"), second.join());
        assertEquals(0, refused.get());
        assertEquals(0, digests.running());
    }

    @Test
    void moreThanMayRunAreRefusedAndCounted() {
        CompletableFuture<Optional<String>> first = compute("a");
        assertEquals(Optional.empty(), compute("b").join());
        assertEquals(1, refused.get());
        assertEquals(1, digests.running());
        started.remove().run();
        assertEquals(Optional.of("a"), first.join());
    }

    @Test
    void aFailureAndAClosingNodeGiveThePlaceBack() {
        CompletableFuture<?> failed = digests.compute(() -> {
                    throw new IllegalStateException("gone");
                })
                .toCompletableFuture();
        started.remove().run();
        assertThrows(CompletionException.class, failed::join);
        Digests closing = new Digests(
                1,
                task -> {
                    throw new RejectedExecutionException();
                },
                refused::incrementAndGet);
        assertThrows(RejectedExecutionException.class, () -> closing.compute(() -> "a"));
        assertEquals(0, digests.running() + closing.running());
    }
}
