package flotilla.node.session;

import flotilla.cluster.SessionDirectory;
import flotilla.node.state.SessionState;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The session's record in the cluster, under the epoch of this incarnation. */
final class SessionRecords {
    private static final long FIRST_EPOCH = 1;

    private final SessionDirectory directory;
    private final String sessionId;
    private final Supplier<SavedSession> snapshot;
    private long epoch = FIRST_EPOCH;
    private @Nullable SessionState seen;
    private boolean isSaved;

    /** @param snapshot all of the session as it is kept */
    SessionRecords(SessionDirectory directory, String sessionId, Supplier<SavedSession> snapshot) {
        this.directory = directory;
        this.sessionId = sessionId;
        this.snapshot = snapshot;
    }

    /** Goes on with a record that was claimed. */
    void claimed(long newEpoch, SessionState state) {
        epoch = newEpoch;
        seen = state;
        isSaved = true;
    }

    /**
     * Writes what a client can see of the state, when it has changed; empty when there is nothing to write. A session on the node of
     * its control connection ends with it: its record only says who is logged in.
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

    /** Writes everything; false when a newer incarnation holds the session. */
    CompletionStage<Boolean> write(SessionState state) {
        seen = state;
        isSaved = true;
        return directory.save(state.link().holder(), epoch, snapshot.get());
    }

    /** A write failed: the next one is not left out, whatever it says. */
    void notWritten() {
        seen = null;
    }

    /** Most commands change nothing that is kept: told without making a record to compare. */
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
