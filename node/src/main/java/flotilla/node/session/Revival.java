package flotilla.node.session;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Limits;
import flotilla.cluster.SessionDirectory.SessionRecord;
import flotilla.cluster.User;
import flotilla.node.state.SessionState;
import flotilla.storage.StorageException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A session that was read back from its record after its former incarnation moved away or was lost.
 *
 * @param epoch the epoch of this incarnation; the cluster refuses writes of an older one
 */
record Revival(SavedSession saved, SessionState state, long epoch) {

    /**
     * Claims the record of a session. Empty when there is no record, or when its user may not be logged in any more.
     * Fails when the shared state does not answer.
     */
    static CompletionStage<Optional<Revival>> of(SessionEnvironment env, String sessionId) {
        return env.cluster()
                .sessions()
                .claim(sessionId)
                .thenCompose(claimed -> claimed.isPresent() && claimed.get().state() instanceof SavedSession saved
                        ? withUser(env, claimed.get(), saved)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    private static CompletionStage<Optional<Revival>> withUser(
            SessionEnvironment env, SessionRecord record, SavedSession saved) {
        if (!saved.loggedIn()) {
            return CompletableFuture.completedFuture(restored(record, saved, Optional.empty()));
        }
        return env.logins().refresh(saved.by(), saved.user()).thenApply(user -> {
            Optional<Revival> revival =
                    user.filter(User::enabled).flatMap(account -> restored(record, saved, Optional.of(account)));
            if (revival.isEmpty()) {
                giveBack(env, record, saved);
            }
            return revival;
        });
    }

    /** Releases all that the session held, because it does not continue. */
    private static void giveBack(SessionEnvironment env, SessionRecord record, SavedSession saved) {
        ClusterNode cluster = env.cluster();
        String session = record.sessionId();
        cluster.limits().release(Limits.Key.user(saved.user()), session);
        cluster.passivePool().releaseAll(session, saved.link().client());
        saved.progress().transfer().ifPresent(transfer -> cluster.uploadLocks().unlock(transfer.lock(), session));
        cluster.sessions().remove(session, record.epoch());
        env.tls().forget(session);
    }

    private static Optional<Revival> restored(SessionRecord record, SavedSession saved, Optional<User> user) {
        try {
            return Optional.of(new Revival(saved, saved.restored(user), record.epoch()));
        } catch (StorageException e) {
            return Optional.empty();
        }
    }
}
