package flotilla.ops.acme;

import flotilla.node.tls.ChallengeAnswers;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answers that the node with the order has put into the vault. Anybody may ask, so at most one question of
 * this node is at the database at a time: those that come meanwhile share the next one.
 */
final class SharedChallenges implements ChallengeAnswers {
    private final AcmeStore store;
    private final Set<String> names;
    private @Nullable CompletableFuture<PendingChallenges> running;
    private @Nullable CompletableFuture<PendingChallenges> next;

    /** Answers for {@code names} only. */
    SharedChallenges(AcmeStore store, List<String> names) {
        this.store = store;
        this.names = Set.copyOf(new HashSet<>(names));
    }

    @Override
    public CompletionStage<Optional<byte[]>> find(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT);
        return names.contains(name)
                ? read().thenApply(pending -> pending.digest(name))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /** The key authorization for a token of HTTP-01; empty for none. */
    CompletionStage<Optional<String>> authorization(String token) {
        return read().thenApply(pending -> pending.authorization(token));
    }

    /** A question that is under way may be older than the challenge, so it answers nobody who comes later. */
    private synchronized CompletionStage<PendingChallenges> read() {
        if (running == null) {
            return start(new CompletableFuture<>());
        }
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    private CompletableFuture<PendingChallenges> start(CompletableFuture<PendingChallenges> question) {
        running = question;
        store.find(AcmeStore.CHALLENGES).whenComplete((kept, failure) -> {
            goOn();
            if (failure == null) {
                question.complete(PendingChallenges.parse(kept.text()));
            } else {
                question.completeExceptionally(failure);
            }
        });
        return question;
    }

    private synchronized void goOn() {
        running = null;
        CompletableFuture<PendingChallenges> waiting = next;
        next = null;
        if (waiting != null) {
            start(waiting);
        }
    }
}
