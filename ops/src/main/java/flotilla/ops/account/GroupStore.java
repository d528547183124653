package flotilla.ops.account;

import flotilla.cluster.Group;
import flotilla.cluster.Groups.Removal;
import java.util.List;
import java.util.Optional;

/** The groups for the command line; as {@link UserStore} for accounts. */
public interface GroupStore {
    /** Returns the group of that name. */
    Optional<Group> find(String name);

    /**
     * Adds a group.
     *
     * @return false when the name is taken
     */
    boolean add(Group group);

    /**
     * Changes a group.
     *
     * @return false when there is no such group
     */
    boolean set(Group group);

    /** Removes a group; one with members only by {@code force}. */
    Removal remove(String name, boolean force);

    /** Returns up to {@code limit} groups in the order of their names, after the name {@code after}. */
    List<Group> list(String after, int limit);
}
