package flotilla.ops.doctor;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Bounds the time of a look: a storage or a database that hangs does not keep other checks from their turn. */
final class Patience {
    private static final long SECONDS = 60;

    private Patience() {}

    /**
     * Looks on a thread of its own, for a minute at most.
     *
     * @param otherwise makes a result of what came instead
     */
    static <T> T of(Callable<T> look, Function<Outcome, T> otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(look.call());
                    } catch (Throwable e) {
                        answer.completeExceptionally(e);
                    }
                },
                "doctor");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return otherwise.apply(
                    Outcome.fail("No answer within " + SECONDS + " s: it hangs.", "Find out what does."));
        } catch (ExecutionException e) {
            return otherwise.apply(Outcome.warn("It could not be looked at: " + e.getCause() + ".", ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise.apply(Outcome.warn("The look was broken off.", ""));
        }
    }
}
