package flotilla.storage.model;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.WriteMode.Kind;

/** One step of a random sequence. A step that makes no sense at its place is refused or has no effect. */
sealed interface Step {
    /**
     * A session begins an upload on a node.
     *
     * @param session number of the session
     * @param node number of the node
     * @param path the file
     * @param offset bytes, for {@code RESUME}
     */
    record Begin(int session, int node, String path, Kind kind, int offset) implements Step {}

    /** A session sends bytes. */
    record Send(int session, int count) implements Step {}

    record Commit(int session) implements Step {}

    record Abort(int session, Remains remains) implements Step {}

    /** A node dies with its uploads and starts again. */
    record Crash(int node) implements Step {}

    record Delete(int node, String path) implements Step {}

    record Rename(int node, String from, String to, boolean replace) implements Step {}

    record MakeDirectory(int node, String path) implements Step {}

    record RemoveDirectory(int node, String path) implements Step {}

    /** The test compares all answers to clients with the model. */
    record Look(int node) implements Step {}
}
