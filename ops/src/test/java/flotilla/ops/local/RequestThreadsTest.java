package flotilla.ops.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.config.AdminSettings.CommandLimits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much of the command line's work there may be at once. */
@Timeout(60)
class RequestThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int OTHERS = 4;

    private final CountDownLatch end = new CountDownLatch(1);

    @Test
    @DisplayName("of more incomplete requests than may be read, the oldest gives way")
    void reading() throws Exception {
        try (RequestThreads threads = new RequestThreads(LONG, new CommandLimits(2, 5, 100))) {
            CompletableFuture<Boolean> gaveWay = new CompletableFuture<>();
            CountDownLatch first = new CountDownLatch(1);
            threads.execute(() -> {
                first.countDown();
                gaveWay.complete(isInterrupted());
            });
            first.await();
            threads.execute(this::isInterrupted);
            threads.execute(this::isInterrupted);
            assertTrue(gaveWay.get(30, TimeUnit.SECONDS));
            end.countDown();
        }
    }

    private boolean isInterrupted() {
        try {
            end.await();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Test
    @DisplayName("more complete requests than may be obeyed are refused")
    void obeying() throws Exception {
        try (RequestThreads threads = new RequestThreads(LONG, new CommandLimits(5, 1, 100))) {
            CountDownLatch obeys = new CountDownLatch(1);
            threads.execute(() -> complete(threads, () -> {
                obeys.countDown();
                end.await();
                return "done";
            }));
            obeys.await();
            CompletableFuture<String> second = new CompletableFuture<>();
            threads.execute(() -> second.complete(complete(threads, () -> "done")));
            assertEquals("the server is busy with other commands: try again", second.get(30, TimeUnit.SECONDS));
            end.countDown();
        }
    }

    private static String complete(RequestThreads threads, RequestThreads.Work<String> work) {
        try {
            return threads.complete(work);
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    @DisplayName("more connections than may wait are refused")
    void waiting() {
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        try (RequestThreads threads = new RequestThreads(LONG, new CommandLimits(1, 1, 2))) {
            int all = 1 + 1 + OTHERS;
            for (int i = 0; i < all + 2; i++) {
                threads.execute(late::join); // hears of no interrupt
            }
            assertThrows(RejectedExecutionException.class, () -> threads.execute(late::join));
            late.complete(true);
        }
    }
}
