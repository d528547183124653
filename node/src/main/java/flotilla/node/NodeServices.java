package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.node.command.Digests;
import flotilla.node.command.Services;
import flotilla.node.session.SavedSession;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.node.tree.TreeSize;
import flotilla.node.tree.UserTree;
import flotilla.storage.VirtualPath;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What commands need of the node. */
final class NodeServices implements Services {
    private final ClusterNode cluster;
    private final Executor blocking;
    private final Digests digests;
    private final NameLocks names;

    NodeServices(ClusterNode cluster, Executor blocking, Digests digests) {
        this.cluster = cluster;
        this.blocking = blocking;
        this.digests = digests;
        this.names = new NameLocks(cluster.uploadLocks(), blocking);
    }

    @Override
    public CompletionStage<List<String>> who(int limit) {
        return cluster.sessions().list(limit).thenApply(records -> records.stream()
                .filter(record -> record.state() instanceof SavedSession)
                .map(record -> ((SavedSession) record.state()).summary(record.node()))
                .toList());
    }

    @Override
    public Executor blocking() {
        return blocking;
    }

    @Override
    public Digests digests() {
        return digests;
    }

    @Override
    public long now() {
        return System.currentTimeMillis();
    }

    @Override
    public CompletionStage<Void> delete(UserTree tree, SessionState state, VirtualPath file) {
        return names.holding(state, List.of(tree.lockName(file)), held -> tree.delete(file))
                .thenCompose(freed -> giveBack(state, freed));
    }

    @Override
    public CompletionStage<Void> rename(UserTree tree, SessionState state, VirtualPath to, boolean replace) {
        RenameSource source = state.rename().orElseThrow();
        return names.holding(
                        state, List.of(tree.lockName(source.path()), tree.lockName(to)), held -> names.noneBelow(held)
                                .thenCompose(free -> tree.rename(source.path(), source.identity(), to, replace)))
                .thenCompose(freed -> giveBack(state, freed));
    }

    /** Takes a file that is gone off the user's quota. @param freed its bytes; empty when no file went */
    private CompletionStage<Void> giveBack(SessionState state, Optional<Long> freed) {
        User user = state.login().user().orElseThrow();
        if (freed.isEmpty() || user.quotaBytes() <= 0 && user.quotaFiles() <= 0) {
            return CompletableFuture.completedFuture(null);
        }
        return cluster.quotas()
                .reserve(user.name(), -freed.get(), -1, user.quotaBytes(), user.quotaFiles())
                .thenApply(taken -> null);
    }

    @Override
    public CompletionStage<Usage> usage(UserTree tree, String user) {
        return cluster.quotas()
                .find(user)
                .thenComposeAsync(
                        counted -> counted.isPresent()
                                ? CompletableFuture.completedFuture(counted.get())
                                : cluster.quotas().set(user, TreeSize.of(tree)),
                        blocking);
    }
}
