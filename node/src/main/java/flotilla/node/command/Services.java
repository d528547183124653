package flotilla.node.command;

import flotilla.cluster.User;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import flotilla.storage.VirtualPath;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** The services of the node that a few commands need beyond the user's tree. */
public interface Services {
    /** Returns one line for each session of the cluster, for SITE WHO; at most {@code limit} lines. */
    CompletionStage<List<String>> who(int limit);

    /**
     * Runs the blocking parts of handlers, such as listings on the control connection. It is bounded and rejects work
     * when full.
     */
    Executor blocking();

    /** Computes digests of files, a few at once; it refuses more. */
    Digests digests();

    /**
     * Whether all nodes of the cluster have this node's release. An older one would take a compressed transfer for a
     * plain one.
     */
    default boolean isOneRelease() {
        return true;
    }

    /** The time zone of LIST and STAT. */
    ZoneId listZone();

    /** The time for listings, in milliseconds since 1970. */
    long now();

    /**
     * Removes a file and subtracts it from the user's quota. Fails like the tree, and with {@code BUSY} while another
     * session writes the file.
     */
    CompletionStage<Void> delete(AsyncStorage<UserTree> tree, SessionState state, VirtualPath file);

    /** Makes a directory with the session's umask. Fails like the tree. */
    CompletionStage<Void> makeDirectory(AsyncStorage<UserTree> tree, SessionState state, VirtualPath path);

    /** Removes an empty directory. Fails like the tree. */
    CompletionStage<Void> removeDirectory(AsyncStorage<UserTree> tree, SessionState state, VirtualPath path);

    /**
     * Renames the file that the session's RNFR named, and subtracts a replaced file from the user's quota. Fails like
     * the tree, and with {@code BUSY} while another session writes either name or a file below it.
     *
     * @param replace true when a file may be replaced
     */
    CompletionStage<Void> rename(AsyncStorage<UserTree> tree, SessionState state, VirtualPath to, boolean replace);

    /**
     * Stores a copy of the file that the session's SITE CPFR named, as an upload of it would. The stage has
     * {@code COMPLETE}, {@code ABORTED} after {@code cancelled}, or {@code NO_CAPACITY}. It fails like the tree, and with
     * {@code BUSY} while another session writes the target. Nothing is left of a copy that is not complete.
     */
    CompletionStage<Ending> copy(
            AsyncStorage<UserTree> tree, SessionState state, VirtualPath to, BooleanSupplier cancelled);

    /**
     * Returns the bytes that a quota leaves for a directory; empty without one. Counts what it limits now, if that was
     * never counted.
     */
    CompletionStage<OptionalLong> room(AsyncStorage<UserTree> tree, User user, VirtualPath directory);
}
