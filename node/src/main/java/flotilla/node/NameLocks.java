package flotilla.node;

import flotilla.cluster.Holder;
import flotilla.cluster.UploadLocks;
import flotilla.node.state.SessionState;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Locks names for commands that change them at once (DELE, RNTO). Uploads take the same locks, so these commands never
 * change a file that another session writes.
 */
final class NameLocks {
    /** Number of requests for a busy name: the former holder's release may still be under way. */
    static final int TRIES = 5;

    static final long PAUSE_MILLIS = 200;

    private final UploadLocks locks;
    private final UUID member;
    private final Executor blocking;

    /**
     * Creates the access to the locks.
     *
     * @param member id of this node's incarnation. It holds the locks: when it dies, nobody else can release them
     * @param blocking runs the questions to all members, which block
     */
    NameLocks(UploadLocks locks, UUID member, Executor blocking) {
        this.locks = locks;
        this.member = member;
        this.blocking = blocking;
    }

    /**
     * Runs {@code work} while the session of {@code state} holds all {@code names}, then releases them. Fails with
     * {@code BUSY} when another session holds one of them.
     *
     * @param work gets the names in the same order
     */
    <T> CompletionStage<T> holding(
            SessionState state, CompletionStage<List<String>> names, Function<List<String>, CompletionStage<T>> work) {
        return holding(new Holder(state.link().sessionId(), member), names, work);
    }

    /**
     * As {@link #holding}, for long work that may outlast the session's stay on this node: until it ends, the session
     * itself finds the names busy.
     */
    <T> CompletionStage<T> holdingApart(
            CompletionStage<List<String>> names, Function<List<String>, CompletionStage<T>> work) {
        return holding(new Holder(UUID.randomUUID().toString(), member), names, work);
    }

    private <T> CompletionStage<T> holding(
            Holder holder, CompletionStage<List<String>> names, Function<List<String>, CompletionStage<T>> work) {
        return names.thenCompose(wanted -> take(
                        wanted.stream().distinct().sorted().toList(), holder)
                .thenCompose(taken -> work.apply(wanted).whenComplete((done, failure) -> giveBack(taken, holder))));
    }

    private CompletionStage<List<String>> take(List<String> names, Holder holder) {
        CompletionStage<List<String>> taken = CompletableFuture.completedFuture(List.of());
        for (String name : names) {
            taken = taken.thenCompose(before -> takeOne(name, holder, before));
        }
        return taken;
    }

    /**
     * Locks one more name.
     *
     * @param before the names that are locked already; they are released when this one cannot be locked
     */
    private CompletionStage<List<String>> takeOne(String name, Holder holder, List<String> before) {
        return ask(name, holder, TRIES)
                .thenApply(granted -> {
                    List<String> now = new ArrayList<>(before);
                    now.add(name);
                    return List.copyOf(now);
                })
                .whenComplete((now, failure) -> {
                    if (failure != null) {
                        giveBack(before, holder);
                        giveBack(List.of(name), holder); // without an answer, it may be locked all the same
                    }
                });
    }

    private CompletionStage<Boolean> ask(String name, Holder holder, int tries) {
        return locks.lock(name, holder).thenCompose(granted -> {
            if (granted) {
                return CompletableFuture.completedFuture(true);
            }
            if (tries <= 1) {
                return busy(name);
            }
            Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
            return CompletableFuture.runAsync(() -> {}, later).thenCompose(paused -> ask(name, holder, tries - 1));
        });
    }

    private static <T> CompletionStage<T> busy(String name) {
        return CompletableFuture.failedFuture(new StorageException(Reason.BUSY, "somebody writes " + name));
    }

    private void giveBack(List<String> names, Holder holder) {
        names.forEach(name -> locks.unlock(name, holder.session()));
    }

    /** Fails with {@code BUSY} when another session writes below one of the names that this session holds. */
    CompletionStage<Boolean> noneBelow(List<String> names) {
        List<String> tops = names.stream()
                .filter(name -> names.stream().noneMatch(held -> held.startsWith(name + "/")))
                .toList();
        return CompletableFuture.supplyAsync(() -> tops.stream().noneMatch(locks::isAnyBelow), blocking)
                .thenCompose(free -> free ? CompletableFuture.completedFuture(true) : busy(names.get(0)));
    }
}
