package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.cluster.Holder;
import flotilla.cluster.UploadLocks;
import flotilla.node.state.Link;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class NameLocksTest {
    private static final UUID CONTROL = new UUID(0, 1);
    private static final UUID OWN = new UUID(0, 2);

    /** Locks that are taken, and answers that are lost. */
    private static final class Locks implements UploadLocks {
        final Map<String, Holder> taken = new HashMap<>();
        final List<String> silent = new ArrayList<>();

        @Override
        public CompletionStage<Boolean> lock(String file, Holder holder) {
            boolean granted = taken.putIfAbsent(file, holder) == null;
            return silent.contains(file)
                    ? CompletableFuture.failedFuture(new TimeoutException())
                    : CompletableFuture.completedFuture(granted);
        }

        @Override
        public CompletionStage<Void> unlock(String file, String sessionId) {
            taken.computeIfPresent(file, (name, holder) -> holder.session().equals(sessionId) ? null : holder);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean isAnyBelow(String directory) {
            return false;
        }

        @Override
        public int held() {
            return taken.size();
        }
    }

    private final Locks locks = new Locks();
    private final NameLocks names = new NameLocks(locks, OWN, Runnable::run);
    private final InetAddress client = InetAddress.getLoopbackAddress();
    private final SessionState state = SessionState.connected(
            new Link("s", client, 50_000, client, 21, false, "node-1", Instant.EPOCH, CONTROL), Security.CLEAR);

    private <T> T holding(List<String> wanted, java.util.function.Supplier<T> work) {
        return names.holding(
                        state,
                        CompletableFuture.completedFuture(wanted),
                        held -> CompletableFuture.completedFuture(work.get()))
                .toCompletableFuture()
                .join();
    }

    @Test
    void theNodeOfTheWorkHoldsTheNamesAndReleasesThem() {
        Map<String, Holder> meanwhile = holding(List.of("/b", "/a"), () -> Map.copyOf(locks.taken));
        Holder own = new Holder("s", OWN);
        assertEquals(Map.of("/a", own, "/b", own), meanwhile);
        assertEquals(Map.of(), locks.taken);
    }

    @Test
    void workThatMayOutlastItsSessionHoldsItsNamesAgainstThatSession() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletionStage<String> done =
                names.holdingApart(CompletableFuture.completedFuture(List.of("/a")), held -> work);
        assertThrows(CompletionException.class, () -> holding(List.of("/a"), () -> "in between"));
        locks.unlock("/a", "s");
        assertEquals(OWN, locks.taken.get("/a").member());
        work.complete("done");
        assertEquals("done", done.toCompletableFuture().join());
        assertEquals(Map.of(), locks.taken);
    }

    @Test
    void aNameWhoseAnswerIsLostIsReleased() {
        locks.silent.add("/b");
        assertThrows(CompletionException.class, () -> holding(List.of("/a", "/b", "/c"), () -> "done"));
        assertEquals(Map.of(), locks.taken);
    }

    @Test
    void theNameOfAnotherSessionStaysItsOwn() {
        Holder other = new Holder("other", OWN);
        locks.taken.put("/b", other);
        assertThrows(CompletionException.class, () -> holding(List.of("/a", "/b"), () -> "done"));
        assertEquals(Map.of("/b", other), locks.taken);
    }
}
