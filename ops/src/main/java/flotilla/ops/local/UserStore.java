package flotilla.ops.local;

import flotilla.cluster.User;
import java.util.List;
import java.util.Optional;

/** The accounts as the command line sees them: in the running server, or in its database when none runs. Blocks. */
public interface UserStore extends AutoCloseable {
    Optional<User> find(String name);

    void put(User user);

    /** False if there was none. */
    boolean remove(String name);

    List<User> list(String after, int limit);

    @Override
    void close();
}
