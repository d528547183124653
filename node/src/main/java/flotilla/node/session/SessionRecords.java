package flotilla.node.session;

import flotilla.cluster.SessionDirectory;
import flotilla.node.state.SessionState;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The session's record in the cluster: written when something that is kept has changed, from login on. */
final class SessionRecords {
    private final SessionDirectory directory;
    private final String sessionId;
    private static final long FIRST_EPOCH = 1;
    private @Nullable SavedSession saved;

    SessionRecords(SessionDirectory directory, String sessionId) {
        this.directory = directory;
        this.sessionId = sessionId;
    }

    /** Writes the state if it differs from what is stored; empty when there is nothing to write. */
    Optional<CompletionStage<Boolean>> save(SessionState state) {
        if (!state.isLoggedIn()) {
            return Optional.empty();
        }
        SavedSession next = SavedSession.of(state);
        if (next.equals(saved)) {
            return Optional.empty();
        }
        saved = next;
        return Optional.of(directory.save(sessionId, FIRST_EPOCH, next));
    }

    void remove() {
        if (saved != null) {
            directory.remove(sessionId, FIRST_EPOCH);
            saved = null;
        }
    }
}
