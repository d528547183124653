package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.QuotaLedger.Reservation;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.node.command.Digests;
import flotilla.node.command.Services;
import flotilla.node.data.Copies;
import flotilla.node.session.SavedSession;
import flotilla.node.session.TransferOrders;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.Failures;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Gives commands the services of the node. */
final class NodeServices implements Services {
    private final ClusterNode cluster;
    private final Executor blocking;
    private final Digests digests;
    private final NameLocks names;
    private final HomeBooks homes;
    private final Copies copies;
    private final Supplier<ZoneId> listZone;

    NodeServices(
            ClusterNode cluster,
            HomeBooks homes,
            Executor blocking,
            Digests digests,
            Copies copies,
            Supplier<ZoneId> listZone) {
        this.copies = copies;
        this.listZone = listZone;
        this.homes = homes;
        this.cluster = cluster;
        this.blocking = blocking;
        this.digests = digests;
        this.names = new NameLocks(cluster.uploadLocks(), cluster.memberId(), blocking);
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
    public boolean isOneRelease() {
        return cluster.board().nodes().stream()
                        .map(NodeBoard.NodeState::version)
                        .distinct()
                        .count()
                <= 1;
    }

    @Override
    public ZoneId listZone() {
        return listZone.get();
    }

    @Override
    public long now() {
        return System.currentTimeMillis();
    }

    @Override
    public CompletionStage<Void> delete(AsyncStorage<UserTree> tree, SessionState state, VirtualPath file) {
        return names.holding(
                state,
                tree.run(files -> List.of(files.lockName(file))),
                held -> booked(state, () -> tree.run(files -> files.delete(file))));
    }

    @Override
    public CompletionStage<Void> rename(
            AsyncStorage<UserTree> tree, SessionState state, VirtualPath to, boolean replace) {
        RenameSource source = state.rename().orElseThrow();
        return names.holding(
                state,
                tree.run(files -> List.of(files.lockName(source.path()), files.lockName(to))),
                held -> names.noneBelow(held)
                        .thenCompose(free -> booked(
                                state,
                                () -> tree.run(files -> files.rename(source.path(), source.identity(), to, replace)))));
    }

    @Override
    public CompletionStage<Ending> copy(
            AsyncStorage<UserTree> tree, SessionState state, VirtualPath to, BooleanSupplier cancelled) {
        RenameSource named = state.rename().orElseThrow();
        User user = state.login().user().orElseThrow();
        return tree.run(files -> CopyPlan.of(files, named, to, user.maxFileBytes()))
                .thenCompose(plan -> names.holdingApart(
                        CompletableFuture.completedFuture(List.of(plan.target().lockName())),
                        held -> copies.copy(plan.source(), TransferOrders.ofCopy(plan.target(), state), cancelled)));
    }

    /**
     * Subtracts a removed file from the user's quota.
     *
     * @param work completes with the size of the file in bytes; empty when no file was removed
     */
    private CompletionStage<Void> booked(SessionState state, Supplier<CompletionStage<Optional<Long>>> work) {
        User user = state.login().user().orElseThrow();
        if (user.quotaBytes() <= 0 && user.quotaFiles() <= 0) {
            return work.get().thenApply(freed -> null);
        }
        Reservation reservation = cluster.quotas().reservation(user.name());
        return reservation
                .show()
                .thenCompose(shown -> work.get())
                .whenComplete((freed, failure) -> {
                    if (failure != null) {
                        reservation.settle(Usage.NOTHING, Failures.reason(failure) != Reason.IO);
                    }
                })
                .thenCompose(freed -> reservation.settle(change(freed), true).exceptionally(later -> null));
    }

    private static Usage change(Optional<Long> freed) {
        return freed.map(bytes -> new Usage(-bytes, -1)).orElse(Usage.NOTHING);
    }

    @Override
    public CompletionStage<Usage> usage(User user) {
        return cluster.quotas()
                .find(user.name())
                .thenComposeAsync(
                        known -> known.isPresent() ? CompletableFuture.completedFuture(known.get()) : counted(user),
                        blocking);
    }

    private CompletionStage<Usage> counted(User user) {
        try {
            return CompletableFuture.completedFuture(homes.usage(user.name(), Mount.of(user)));
        } catch (StorageException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
