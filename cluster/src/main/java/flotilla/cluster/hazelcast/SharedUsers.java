package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.jdbc.JdbcUserStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Accounts, read and written through a map whose entries come from the database. */
final class SharedUsers implements UserDirectory {
    private final IMap<String, User> map;
    private final ITopic<String> changes;
    private final JdbcUserStore store;
    private final Stages stages;
    private final Executor blocking;

    /** @param changes tells all members the names of accounts that were changed */
    SharedUsers(IMap<String, User> map, ITopic<String> changes, JdbcUserStore store, Stages stages, Executor blocking) {
        this.map = map;
        this.changes = changes;
        this.store = store;
        this.stages = stages;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Optional<User>> find(String name) {
        return stages.insist(() -> map.getAsync(name), Optional::ofNullable)
                .thenCompose(cached -> cached.isPresent()
                        ? CompletableFuture.completedFuture(cached)
                        : stages.insist(() -> map.submitToKey(name, new AccountSteps.Find()), Optional::ofNullable));
    }

    @Override
    public CompletionStage<Void> put(User user) {
        return stages.run(() -> map.submitToKey(user.name(), new AccountSteps.Put(user)), done -> told(user.name()))
                .thenApply(Nothing::of);
    }

    @Override
    public CompletionStage<Boolean> add(User user) {
        return stages.run(
                () -> map.submitToKey(user.name(), new AccountSteps.Add(user)), added -> added && told(user.name()));
    }

    @Override
    public CompletionStage<Boolean> remove(String name) {
        return stages.run(() -> map.submitToKey(name, new AccountSteps.Remove()), removed -> removed && told(name));
    }

    private boolean told(String name) {
        changes.publishAsync(name);
        return true;
    }

    @Override
    public CompletionStage<List<User>> list(String after, int limit) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(() -> store.list(after, limit), blocking), found -> found);
    }

    @Override
    public boolean isNew() {
        return store.isNew();
    }

    @Override
    public boolean isUp() {
        return store.isUp();
    }

    @Override
    public AutoCloseable onChange(Consumer<String> listener) {
        UUID registration = changes.addMessageListener(message -> listener.accept(message.getMessageObject()));
        return () -> changes.removeMessageListener(registration);
    }
}
