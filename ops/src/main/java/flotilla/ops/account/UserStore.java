package flotilla.ops.account;

import flotilla.cluster.User;
import java.util.List;
import java.util.Optional;

/**
 * The accounts for the command line: through the running server, or in its database when no server runs. Methods block.
 * They throw an {@link IllegalStateException} with a sentence for people when a change cannot be made.
 */
public interface UserStore extends AutoCloseable {
    /** Returns the account of that name. A running server leaves out the hash of its password. */
    Optional<User> find(String name);

    /**
     * Adds an account.
     *
     * @return false when the name is taken
     */
    boolean add(User user);

    /**
     * Changes an account. An empty hash sent to a running server leaves the password as it is.
     *
     * @return false when there is no such account
     */
    boolean set(User user);

    /**
     * Removes an account.
     *
     * @return false when there was no such account
     */
    boolean remove(String name);

    /** Returns up to {@code limit} accounts in the order of their names, after the name {@code after}. */
    List<User> list(String after, int limit);

    /** The groups, which work until this store is closed. */
    GroupStore groups();

    /** The bans that are kept, which work until this store is closed. */
    BanStore bans();

    /** The values of keys that hold on every node, which work until this store is closed. */
    SettingStore settings();

    /** Returns up to {@code limit} accounts as {@link #list} does, with the hashes of their passwords. */
    List<User> export(String after, int limit);

    /**
     * Changes an account and its password: an empty hash removes the password.
     *
     * @return false when there is no such account
     */
    boolean replace(User user);

    @Override
    void close();
}
