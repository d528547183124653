package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import flotilla.cluster.Group;
import flotilla.cluster.User;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.cluster.hazelcast.entry.AccountCopy;
import flotilla.cluster.hazelcast.entry.AccountSteps;
import flotilla.cluster.hazelcast.entry.AccountVersions.Version;
import flotilla.cluster.hazelcast.entry.LookedUp;
import flotilla.cluster.stage.Stages;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Copies of accounts, and of groups as accounts, in a map from key to copy. A change is written to the database first;
 * then the copy is dropped. What was read is kept only when no change came between. While the database does not answer,
 * older copies are used.
 */
final class AccountCopies {
    /** Begins the keys of groups. No name of an account contains it. */
    private static final String GROUP = "\u0001";

    /** A question to the database. All callers that ask for a name between the same two changes share one. */
    private record Question(String key, Version version) {}

    private final IMap<String, AccountCopy> map;
    private final ITopic<String> changes;
    private final JdbcUserStore store;
    private final DatabaseWork database;
    private final Stages stages;
    private final Duration staleFor;
    private final ConcurrentHashMap<Question, CompletableFuture<Optional<User>>> asked = new ConcurrentHashMap<>();

    AccountCopies(
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

    /** The key of a group. */
    static String groupKey(String name) {
        return GROUP + name;
    }

    static boolean isGroupKey(String key) {
        return key.startsWith(GROUP);
    }

    static String groupName(String key) {
        return key.substring(GROUP.length());
    }

    JdbcUserStore store() {
        return store;
    }

    CompletionStage<Optional<User>> find(String key) {
        return stages.insist(() -> map.submitToKey(key, new AccountSteps.Look()), looked -> looked)
                .thenCompose(looked -> {
                    Optional<User> fresh = looked.notOlderThan(AccountCopy.FRESH);
                    return fresh.isPresent() ? CompletableFuture.completedFuture(fresh) : read(key, looked);
                });
    }

    private CompletionStage<Optional<User>> read(String key, LookedUp looked) {
        Optional<User> old = looked.notOlderThan(staleFor);
        return stages.run(() -> ask(new Question(key, looked.version())), found -> found)
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
        database.submit(() -> load(question.key())).whenComplete((found, failure) -> {
            asked.remove(question);
            if (failure == null) {
                map.submitToKey(question.key(), new AccountSteps.Keep(question.version(), found.orElse(null)));
                answer.complete(found);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    private Optional<User> load(String key) {
        return isGroupKey(key) ? store.groups().find(groupName(key)).map(Group::settings) : store.find(key);
    }

    /**
     * The copy is dropped even when the change failed or timed out: the database may have carried it out all the same.
     */
    <T> CompletionStage<T> change(String key, Supplier<T> work, Predicate<T> isChange) {
        return stages.run(
                        () -> database.submit(() -> {
                            try {
                                return work.get();
                            } finally {
                                map.submitToKey(key, new AccountSteps.Changed());
                            }
                        }),
                        changed -> changed)
                .thenCompose(result -> stages.insist(() -> map.submitToKey(key, new AccountSteps.Changed()), done -> {
                    if (isChange.test(result)) {
                        changes.publishAsync(key);
                    }
                    return result;
                }));
    }

    /** Calls {@code listener} with each changed key, until the result is closed. */
    AutoCloseable onChange(Consumer<String> listener) {
        UUID registration = changes.addMessageListener(message -> listener.accept(message.getMessageObject()));
        return () -> changes.removeMessageListener(registration);
    }

    /** Reads pages of the database. */
    <T> CompletionStage<T> query(Function<JdbcUserStore, T> question) {
        return stages.run(() -> database.submit(() -> question.apply(store)), found -> found);
    }
}
