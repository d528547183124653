package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.QuotaLedger.Reservation;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.node.command.Digests;
import flotilla.node.command.Services;
import flotilla.node.data.Copies;
import flotilla.node.event.Change;
import flotilla.node.event.EventSink;
import flotilla.node.session.SavedSession;
import flotilla.node.session.TransferOrders;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.Failures;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserBooks;
import flotilla.node.tree.UserBooks.Book;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    private final EventSink events;

    NodeServices(
            ClusterNode cluster,
            HomeBooks homes,
            Executor blocking,
            Digests digests,
            Copies copies,
            Supplier<ZoneId> listZone,
            EventSink events) {
        this.events = events;
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
        return names.holding(state, tree.run(files -> List.of(files.lockName(file))), held -> booked(
                        tree, state, held, file, () -> tree.run(files -> files.delete(file)))
                .thenCompose(done -> told(state, Change.Kind.DELETE, file, Optional.empty(), held)));
    }

    @Override
    public CompletionStage<Void> rename(
            AsyncStorage<UserTree> tree, SessionState state, VirtualPath to, boolean replace) {
        RenameSource source = state.rename().orElseThrow();
        return names.holding(
                state, tree.run(files -> files.renameLocks(source.path(), to)), held -> names.noneBelow(held)
                        .thenCompose(free -> booked(
                                tree,
                                state,
                                held,
                                to,
                                () -> tree.run(files -> files.rename(source.path(), source.identity(), to, replace))))
                        .thenCompose(done -> told(state, Change.Kind.RENAME, to, Optional.of(source.path()), held)));
    }

    @Override
    public CompletionStage<Void> makeDirectory(AsyncStorage<UserTree> tree, SessionState state, VirtualPath path) {
        return tree.run(files -> files.masked(state.parameters().umask()).makeDirectory(path))
                .thenCompose(made -> told(state, Change.Kind.MKDIR, path, Optional.empty(), List.of()));
    }

    @Override
    public CompletionStage<Void> removeDirectory(AsyncStorage<UserTree> tree, SessionState state, VirtualPath path) {
        return tree.run(files -> {
                    files.removeDirectory(path);
                    return path;
                })
                .thenCompose(gone -> told(state, Change.Kind.RMDIR, path, Optional.empty(), List.of()));
    }

    /** Records a change before its client hears of it. */
    private CompletionStage<Void> told(
            SessionState state, Change.Kind kind, VirtualPath path, Optional<VirtualPath> source, List<String> places) {
        if (!events.records(kind)) {
            return CompletableFuture.completedFuture(null);
        }
        return events.record(new Change(
                        kind,
                        state.login().name(),
                        state.link().sessionId(),
                        state.link().client().getHostAddress(),
                        path.toString(),
                        source.map(VirtualPath::toString),
                        places,
                        OptionalLong.empty()))
                .thenApply(done -> null);
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
     * Subtracts a removed file from the quota that it counts for.
     *
     * @param held lock names: of the file, or of both names of a rename
     * @param file the file that is removed or replaced
     * @param work completes with the size of the file in bytes; empty when no file was removed
     */
    private CompletionStage<Void> booked(
            AsyncStorage<UserTree> tree,
            SessionState state,
            List<String> held,
            VirtualPath file,
            Supplier<CompletionStage<Optional<Long>>> work) {
        User user = state.login().user().orElseThrow();
        if (!UserBooks.isLimited(limit(user), Mount.of(user))) {
            return work.get().thenApply(freed -> null);
        }
        return tree.run(files ->
                        QuotaChoice.of(homes.books(user.name(), Mount.of(user), limit(user)), user, held, file))
                .thenCompose(
                        choice -> choice.book().isEmpty() ? work.get().thenApply(freed -> null) : booked(choice, work));
    }

    private CompletionStage<Void> booked(QuotaChoice choice, Supplier<CompletionStage<Optional<Long>>> work) {
        Reservation reservation =
                cluster.quotas().reservation(choice.book().orElseThrow().key());
        return reservation
                .show()
                .thenCompose(shown -> work.get())
                .whenComplete((freed, failure) -> {
                    if (failure != null) {
                        reservation.settle(Usage.NOTHING, Failures.reason(failure) != Reason.IO);
                    }
                })
                .thenCompose(freed ->
                        reservation.settle(change(freed), choice.sure()).exceptionally(later -> null));
    }

    private static Usage change(Optional<Long> freed) {
        return freed.map(bytes -> new Usage(-bytes, -1)).orElse(Usage.NOTHING);
    }

    @Override
    public CompletionStage<OptionalLong> room(AsyncStorage<UserTree> tree, User user, VirtualPath directory) {
        if (!UserBooks.isLimited(limit(user), Mount.of(user))) {
            return CompletableFuture.completedFuture(OptionalLong.empty());
        }
        return tree.run(files -> {
            UserBooks books = homes.books(user.name(), Mount.of(user), limit(user));
            Optional<Book> book = books.at(files.placeName(directory), Mount.of(user), directory)
                    .filter(limited -> limited.limit().bytes() > 0);
            return book.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Math.max(
                            0,
                            book.get().limit().bytes() - homes.usage(book.get()).bytes()));
        });
    }

    private static Usage limit(User user) {
        return new Usage(user.quotaBytes(), user.quotaFiles());
    }
}
