package flotilla.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.AsyncStorage.Work;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AsyncStorageTest {
    private final Deque<Runnable> queue = new ArrayDeque<>();

    private static AsyncStorage<String> storage(Executor executor) {
        return new AsyncStorage<>(() -> "storage", executor);
    }

    private static void fails(Reason reason, CompletionStage<?> stage) {
        CompletionException failure = assertThrows(CompletionException.class, stage.toCompletableFuture()::join);
        assertEquals(
                reason,
                assertInstanceOf(StorageException.class, failure.getCause()).reason());
    }

    private static void fails(Reason reason, Work<String, Object> work) {
        fails(reason, storage(Runnable::run).run(work));
    }

    @Test
    void aStageFailsOnlyWithAStorageException() {
        fails(Reason.BUSY, storage -> {
            throw new StorageException(Reason.BUSY, "busy");
        });
        fails(Reason.IO, storage -> {
            throw new IllegalStateException("a bug");
        });
        fails(Reason.IO, storage -> {
            throw new StackOverflowError();
        });
    }

    @Test
    void aRefusedTaskFailsTheStage() {
        Executor refusing = task -> {
            throw new RejectedExecutionException("full");
        };
        fails(Reason.IO, storage(refusing).run(String::length));
    }

    @Test
    void nothingIsOpenedOnTheThreadOfTheCaller() {
        AtomicBoolean opened = new AtomicBoolean();
        AsyncStorage<String> storage = new AsyncStorage<>(
                () -> {
                    opened.set(true);
                    return "storage";
                },
                queue::add);
        CompletableFuture<Integer> length = storage.run(String::length).toCompletableFuture();
        assertFalse(opened.get());
        queue.remove().run();
        assertEquals(7, length.join());
    }

    @Test
    void aStorageThatCannotBeOpenedFailsTheStage() {
        AsyncStorage<String> missing = new AsyncStorage<>(
                () -> {
                    throw new StorageException(Reason.NOT_FOUND, "no such home");
                },
                Runnable::run);
        fails(Reason.NOT_FOUND, missing.run(String::length));
    }

    @Test
    void aResultNobodyWaitsForIsClosed() {
        AtomicBoolean closed = new AtomicBoolean();
        CompletionStage<AutoCloseable> stage = storage(queue::add).run(storage -> () -> closed.set(true));
        assertTrue(stage.toCompletableFuture().cancel(false));
        queue.remove().run();
        assertTrue(closed.get());
    }
}
