package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The accounts of the cluster: cached in Hazelcast, kept in a database. Names are case-sensitive. Stages fail when the database or cluster does not answer in time. */
public interface UserDirectory {
    CompletionStage<Optional<User>> find(String name);

    /** Adds or replaces an account; stored in the database when the stage completes. */
    CompletionStage<Void> put(User user);

    /** Adds an account unless there is one of that name; whether it was added. */
    CompletionStage<Boolean> add(User user);

    /** Removes an account; false if there was none. */
    CompletionStage<Boolean> remove(String name);

    /** Up to {@code limit} accounts in name order, after {@code after} (empty string for the first page). */
    CompletionStage<List<User>> list(String after, int limit);

    /** Whether this node made the database when it started: there was none before, not even an empty one. */
    default boolean isNew() {
        return false;
    }

    /** Whether the database answered when this node asked it last. Cheap. */
    default boolean isUp() {
        return true;
    }

    /** Calls {@code listener} with the name of each account that is changed or removed, on any node, until closed. */
    AutoCloseable onChange(Consumer<String> listener);
}
