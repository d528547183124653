package flotilla.ops.account;

import flotilla.cluster.User;
import java.util.List;
import java.util.Optional;

/**
 * The accounts as the command line sees them: in the running server, or in its database when none runs. Methods block,
 * and throw an {@link IllegalStateException} with a sentence when a change cannot be made.
 */
public interface UserStore extends AutoCloseable {
    /** The account of that name. A running server does not tell the hash of its password. */
    Optional<User> find(String name);

    /** Adds an account. False if the name is taken. */
    boolean add(User user);

    /** Changes an account. False if there is none. An empty hash leaves the password as it is. */
    boolean set(User user);

    /** Removes an account. False if there was none. */
    boolean remove(String name);

    /** Up to {@code limit} accounts in the order of their names, after the name {@code after}. */
    List<User> list(String after, int limit);

    @Override
    void close();
}
