package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The groups of the cluster, in the database of the accounts. Names are case-sensitive. Stages fail when the database or
 * the cluster does not answer in time. A change may have been made all the same.
 */
public interface Groups {
    /** What became of the removal of a group. */
    enum Removal {
        REMOVED,
        MISSING,
        /** Nothing is changed: accounts belong to the group. */
        HAS_MEMBERS,
        /** Nothing is changed: the group is not as the caller knows it. */
        CHANGED
    }

    /** The group of that name; empty when there is none. */
    CompletionStage<Optional<Group>> find(String name);

    /** Adds or replaces a group. When the stage completes, it is stored in the database. */
    CompletionStage<Void> put(Group group);

    /**
     * Replaces a group that still is as the caller knows it.
     *
     * @return false, without a change, when it is another by now, or gone
     */
    CompletionStage<Boolean> replace(Group before, Group after);

    /** Adds a group unless the name is taken. Completes with true if it was added. */
    CompletionStage<Boolean> add(Group group);

    /**
     * Removes a group.
     *
     * @param force whether it is removed even when accounts belong to it; they cannot log in then
     */
    CompletionStage<Removal> remove(String name, boolean force);

    /** Removes a group that still is as the caller knows it; otherwise as {@link #remove(String, boolean)}. */
    CompletionStage<Removal> remove(Group before, boolean force);

    /** Up to {@code limit} groups in the order of their names, after the name {@code after}. */
    CompletionStage<List<Group>> list(String after, int limit);
}
