package flotilla.node.command;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.VirtualPath;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What a few commands need of the node beyond the user's tree. */
public interface Services {
    /** One line for each session of the cluster, at most {@code limit}, for SITE WHO. */
    CompletionStage<List<String>> who(int limit);

    /** Where a handler may block: hashing, listing over the control connection. Bounded; refuses when full. */
    Executor blocking();

    /** Where digests of files are computed: a few at once, refused when as many run. */
    Digests digests();

    /** Milliseconds since 1970, for listings. */
    long now();

    /** Removes a file and takes it off the user's quota. Fails as the tree does, with {@code BUSY} while somebody writes it. */
    CompletionStage<Void> delete(UserTree tree, SessionState state, VirtualPath file);

    /**
     * Renames what the session's RNFR named, and takes what it replaces off the user's quota. Fails as the tree does, with
     * {@code BUSY} while somebody writes either name or something below it.
     */
    CompletionStage<Void> rename(UserTree tree, SessionState state, VirtualPath to, boolean replace);

    /** What the user has stored; counted now if it never was. */
    CompletionStage<Usage> usage(UserTree tree, String user);
}
