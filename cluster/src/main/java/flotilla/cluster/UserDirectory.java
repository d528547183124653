package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The accounts of the cluster, in a database with copies in Hazelcast. Names are case-sensitive. Stages fail when the
 * database or the cluster does not answer in time. A change may have been made all the same.
 */
public interface UserDirectory {
    /**
     * The account that holds for a user: as it is stored, and as its group says where it says nothing
     * ({@link Effective}). Empty when there is none. While the database does not answer, an older copy is used if
     * there is one.
     */
    CompletionStage<Optional<User>> find(String name);

    /** The account of that name as it is stored; empty when there is none. */
    CompletionStage<Optional<User>> stored(String name);

    /** The groups that accounts may name. */
    Groups groups();

    /** Adds or replaces an account. When the stage completes, the account is stored in the database. */
    CompletionStage<Void> put(User user);

    /**
     * Replaces or removes an account that still is as the caller knows it. Of two callers on any nodes that know the
     * same account, one succeeds.
     *
     * @param before the account as it was stored
     * @param after the account that takes its place, with the same name; empty removes it
     * @return false, without a change, when the account is another by now, or gone
     */
    CompletionStage<Boolean> replace(User before, Optional<User> after);

    /** Adds an account unless the name is taken. Completes with true if it was added. */
    CompletionStage<Boolean> add(User user);

    /**
     * Puts another hash of the same password in place of the one that an account has. Listeners are not told, because
     * nothing changes for the user.
     *
     * @param before the hash that is replaced
     * @return false, without a change, when the account has another hash by now, or is gone
     */
    CompletionStage<Boolean> replaceHash(String name, String before, String after);

    /** Removes an account. Completes with false if there was none. */
    CompletionStage<Boolean> remove(String name);

    /**
     * Up to {@code limit} accounts as they are stored, in the order of their names, after the name {@code after} (an empty string for the
     * first page).
     */
    CompletionStage<List<User>> list(String after, int limit);

    /** Whether this node created the database at its start. Before, there was not even an empty one. */
    default boolean isNew() {
        return false;
    }

    /** Whether the database answered the latest question of this node. Cheap. */
    default boolean isUp() {
        return true;
    }

    /**
     * Calls {@code listener} with the name of each account that is changed or removed on any node, until the result is
     * closed.
     */
    AutoCloseable onChange(Consumer<String> listener);

    /**
     * Calls {@code listener} with the name of each group that is changed or removed on any node, until the result is
     * closed.
     */
    AutoCloseable onGroupChange(Consumer<String> listener);
}
