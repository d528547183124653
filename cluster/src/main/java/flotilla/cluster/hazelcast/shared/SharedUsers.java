package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import flotilla.cluster.Effective;
import flotilla.cluster.Groups;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.cluster.hazelcast.entry.AccountCopy;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Accounts and groups in their database, with copies in a map. */
public final class SharedUsers implements UserDirectory {
    private final AccountCopies copies;
    private final SharedGroups groups;

    /**
     * Uses {@code store} through {@code database}.
     *
     * @param changes the topic that carries the key of each changed account or group to all members
     * @param staleFor how old a copy may be while the database does not answer
     */
    public SharedUsers(
            IMap<String, AccountCopy> map,
            ITopic<String> changes,
            JdbcUserStore store,
            DatabaseWork database,
            Stages stages,
            Duration staleFor) {
        this.copies = new AccountCopies(map, changes, store, database, stages, staleFor);
        this.groups = new SharedGroups(copies);
    }

    @Override
    public CompletionStage<Optional<User>> find(String name) {
        return stored(name).thenCompose(found -> {
            String group = found.map(User::group).orElse("");
            return group.isEmpty()
                    ? CompletableFuture.completedFuture(found)
                    : groups.find(group).thenApply(shared -> found.map(user -> Effective.account(user, shared)));
        });
    }

    @Override
    public CompletionStage<Optional<User>> stored(String name) {
        return AccountCopies.isGroupKey(name) ? CompletableFuture.completedFuture(Optional.empty()) : copies.find(name);
    }

    @Override
    public Groups groups() {
        return groups;
    }

    @Override
    public CompletionStage<Void> put(User user) {
        return change(user.name(), () -> {
                    copies.store().put(user);
                    return true;
                })
                .thenApply(Voids::of);
    }

    @Override
    public CompletionStage<Boolean> add(User user) {
        return change(user.name(), () -> copies.store().add(user));
    }

    @Override
    public CompletionStage<Boolean> replace(User before, Optional<User> after) {
        return change(before.name(), () -> copies.store().replace(before, after));
    }

    @Override
    public CompletionStage<Boolean> replaceHash(String name, String before, String after) {
        return AccountCopies.isGroupKey(name)
                ? CompletableFuture.completedFuture(false)
                : copies.change(name, () -> copies.store().replaceHash(name, before, after), replaced -> false);
    }

    @Override
    public CompletionStage<Boolean> remove(String name) {
        return change(name, () -> copies.store().remove(name));
    }

    private CompletionStage<Boolean> change(String name, Supplier<Boolean> work) {
        return AccountCopies.isGroupKey(name)
                ? CompletableFuture.failedFuture(new IllegalArgumentException("not a name of an account"))
                : copies.change(name, work, changed -> changed);
    }

    @Override
    public CompletionStage<List<User>> list(String after, int limit) {
        return copies.query(store -> store.list(after, limit));
    }

    @Override
    public boolean isNew() {
        return copies.store().isNew();
    }

    @Override
    public boolean isUp() {
        return copies.store().isUp();
    }

    @Override
    public AutoCloseable onChange(Consumer<String> listener) {
        return copies.onChange(key -> {
            if (!AccountCopies.isGroupKey(key)) {
                listener.accept(key);
            }
        });
    }

    @Override
    public AutoCloseable onGroupChange(Consumer<String> listener) {
        return copies.onChange(key -> {
            if (AccountCopies.isGroupKey(key)) {
                listener.accept(AccountCopies.groupName(key));
            }
        });
    }
}
