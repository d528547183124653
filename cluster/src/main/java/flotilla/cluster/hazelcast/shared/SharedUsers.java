package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.cluster.hazelcast.entry.AccountCopy;
import flotilla.cluster.hazelcast.entry.AccountSteps;
import flotilla.cluster.hazelcast.entry.AccountVersions.Version;
import flotilla.cluster.hazelcast.entry.LookedUp;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Accounts in their database, with copies in a map from name to copy. A change is written to the database first; then
 * the copy is dropped. An account that was read is kept only when no change came between. While the database does not
 * answer, older copies are used.
 */
public final class SharedUsers implements UserDirectory {
    /** A question to the database. All callers that ask for a name between the same two changes share one. */
    private record Question(String name, Version version) {}

    private final IMap<String, AccountCopy> map;
    private final ITopic<String> changes;
    private final JdbcUserStore store;
    private final DatabaseWork database;
    private final Stages stages;
    private final Duration staleFor;
    private final ConcurrentHashMap<Question, CompletableFuture<Optional<User>>> asked = new ConcurrentHashMap<>();

    /**
     * Uses {@code store} through {@code database}.
     *
     * @param changes the topic that carries the name of each changed account to all members
     * @param staleFor how old a copy may be while the database does not answer
     */
    public SharedUsers(
            IMap<String, AccountCopy> map,
            ITopic<String> changes,
            JdbcUserStore store,
            DatabaseWork database,
            Stages stages,
            Duration staleFor) {
        this.map = map;
        this.changes = changes;
        this.store = store;
        this.database = database;
        this.stages = stages;
        this.staleFor = staleFor;
    }

    @Override
    public CompletionStage<Optional<User>> find(String name) {
        return stages.insist(() -> map.submitToKey(name, new AccountSteps.Look()), looked -> looked)
                .thenCompose(looked -> {
                    Optional<User> fresh = looked.notOlderThan(AccountCopy.FRESH);
                    return fresh.isPresent() ? CompletableFuture.completedFuture(fresh) : read(name, looked);
                });
    }

    private CompletionStage<Optional<User>> read(String name, LookedUp looked) {
        Optional<User> old = looked.notOlderThan(staleFor);
        return stages.run(() -> ask(new Question(name, looked.version())), found -> found)
                .handle((found, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(found);
                    }
                    return old.isPresent()
                            ? CompletableFuture.completedFuture(old)
                            : CompletableFuture.<Optional<User>>failedFuture(failure);
                })
                .thenCompose(answer -> answer);
    }

    private CompletableFuture<Optional<User>> ask(Question question) {
        CompletableFuture<Optional<User>> answer = new CompletableFuture<>();
        CompletableFuture<Optional<User>> before = asked.putIfAbsent(question, answer);
        if (before != null) {
            return before;
        }
        database.submit(() -> store.find(question.name())).whenComplete((found, failure) -> {
            asked.remove(question);
            if (failure == null) {
                map.submitToKey(question.name(), new AccountSteps.Keep(question.version(), found.orElse(null)));
                answer.complete(found);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    @Override
    public CompletionStage<Void> put(User user) {
        return change(user.name(), () -> {
                    store.put(user);
                    return true;
                })
                .thenApply(Voids::of);
    }

    @Override
    public CompletionStage<Boolean> add(User user) {
        return change(user.name(), () -> store.add(user));
    }

    @Override
    public CompletionStage<Boolean> remove(String name) {
        return change(name, () -> store.remove(name));
    }

    /**
     * The copy is dropped even when the change failed or timed out: the database may have carried it out all the same.
     */
    private CompletionStage<Boolean> change(String name, Supplier<Boolean> work) {
        return stages.run(
                        () -> database.submit(() -> {
                            try {
                                return work.get();
                            } finally {
                                map.submitToKey(name, new AccountSteps.Changed());
                            }
                        }),
                        changed -> changed)
                .thenCompose(changed -> stages.insist(
                        () -> map.submitToKey(name, new AccountSteps.Changed()), done -> changed && told(name)));
    }

    private boolean told(String name) {
        changes.publishAsync(name);
        return true;
    }

    @Override
    public CompletionStage<List<User>> list(String after, int limit) {
        return stages.run(() -> database.submit(() -> store.list(after, limit)), found -> found);
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
