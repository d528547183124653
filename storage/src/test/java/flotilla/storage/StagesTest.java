package flotilla.storage;

import static flotilla.storage.StorageActions.done;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StagesTest {
    @Test
    void aStageFailsOnlyWithAStorageException() {
        refused(
                Reason.BUSY,
                () -> done(Stages.run(Runnable::run, () -> {
                    throw new StorageException(Reason.BUSY, "busy");
                })));
        refused(
                Reason.IO,
                () -> done(Stages.act(Runnable::run, () -> {
                    throw new IllegalStateException("a bug");
                })));
        refused(
                Reason.IO,
                () -> done(Stages.act(Runnable::run, () -> {
                    throw new StackOverflowError();
                })));
    }

    @Test
    void aResultNobodyWaitsForIsClosed() throws Exception {
        List<Runnable> queue = new ArrayList<>();
        AtomicBoolean closed = new AtomicBoolean();
        CompletionStage<AutoCloseable> stage = Stages.run(queue::add, () -> () -> closed.set(true));
        assertTrue(stage.toCompletableFuture().cancel(false));
        queue.get(0).run();
        assertTrue(closed.get());
    }

    @Test
    void workWithoutResultCompletes() throws Exception {
        List<String> log = new ArrayList<>();
        done(Stages.act(Runnable::run, () -> log.add("done")));
        assertEquals(List.of("done"), log);
    }
}
