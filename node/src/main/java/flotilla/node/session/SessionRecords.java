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
    private @Nullable SessionState seen;

    SessionRecords(SessionDirectory directory, String sessionId) {
        this.directory = directory;
        this.sessionId = sessionId;
    }

    /** Writes the state if it differs from what is stored; empty when there is nothing to write. */
    Optional<CompletionStage<Boolean>> save(SessionState state) {
        if (!state.isLoggedIn()) {
            return Optional.empty();
        }
        if (seen != null && keepsTheSame(seen, state)) {
            return Optional.empty();
        }
        seen = state;
        SavedSession next = SavedSession.of(state);
        if (next.equals(saved)) {
            return Optional.empty();
        }
        saved = next;
        return Optional.of(directory.save(state.link().holder(), FIRST_EPOCH, next));
    }

    /** Most commands change nothing that is kept: told without making a record to compare. */
    private static boolean keepsTheSame(SessionState one, SessionState other) {
        return one.directory().equals(other.directory())
                && one.parameters().equals(other.parameters())
                && one.restart() == other.restart()
                && one.rename().equals(other.rename())
                && one.login().equals(other.login())
                && one.security().equals(other.security())
                && one.link().equals(other.link());
    }

    void remove() {
        if (saved != null) {
            directory.remove(sessionId, FIRST_EPOCH);
            saved = null;
            seen = null;
        }
    }
}
