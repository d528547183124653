package flotilla.node.session;

import flotilla.cluster.SessionDirectory;
import flotilla.node.state.SessionState;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the session's record to the cluster, under the epoch of this incarnation. */
final class SessionRecords {
    private static final long FIRST_EPOCH = 1;

    private final SessionDirectory directory;
    private final String sessionId;
    private final Supplier<SavedSession> snapshot;
    private long epoch = FIRST_EPOCH;
    private @Nullable SessionState seen;
    private boolean isSaved;

    /**
     * Begins without a record.
     *
     * @param snapshot makes the session's complete record
     */
    SessionRecords(SessionDirectory directory, String sessionId, Supplier<SavedSession> snapshot) {
        this.directory = directory;
        this.sessionId = sessionId;
        this.snapshot = snapshot;
    }

    /** Continues with a record that this incarnation has claimed. */
    void claimed(long newEpoch, SessionState state) {
        epoch = newEpoch;
        seen = state;
        isSaved = true;
    }

    /**
     * Writes the record when the state that a client can see has changed; returns empty when it has not. A session on
     * the node of its control connection ends with that node, so its record only says which user is logged in.
     *
     * @param apart true when the control connection is on another node
     * @return false in the stage when a newer incarnation owns the session
     */
    Optional<CompletionStage<Boolean>> save(SessionState state, boolean apart) {
        if (!state.isLoggedIn()) {
            return Optional.empty();
        }
        if (seen != null
                && (apart
                        ? keepsTheSame(seen, state)
                        : seen.login().name().equals(state.login().name()))) {
            return Optional.empty();
        }
        return Optional.of(write(state));
    }

    /** Writes the complete record. The stage holds false when a newer incarnation owns the session. */
    CompletionStage<Boolean> write(SessionState state) {
        seen = state;
        isSaved = true;
        return directory.save(state.link().holder(), epoch, snapshot.get());
    }

    /** Notes that a write has failed, so the next one is not skipped. */
    void notWritten() {
        seen = null;
    }

    /** Compares the states without making a record of each: most commands change nothing that is kept. */
    private static boolean keepsTheSame(SessionState one, SessionState other) {
        return one.directory().equals(other.directory())
                && one.parameters().equals(other.parameters())
                && one.restart() == other.restart()
                && one.rename().equals(other.rename())
                && one.endpoint().equals(other.endpoint())
                && one.login().equals(other.login())
                && one.security().equals(other.security())
                && one.link().equals(other.link());
    }

    void remove() {
        if (isSaved) {
            directory.remove(sessionId, epoch);
            isSaved = false;
            seen = null;
        }
    }
}
