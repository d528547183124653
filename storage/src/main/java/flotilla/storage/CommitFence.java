package flotilla.storage;

/**
 * Tells whether this process may still change files that others change, too. The others may have declared a process
 * dead that was stopped for a while. Meanwhile they store files under the same names and append to the same files, so
 * it must neither replace nor cut back theirs.
 */
@FunctionalInterface
public interface CommitFence {
    /** The fence of a process that shares its files with no other process. */
    CommitFence OPEN = () -> true;

    /**
     * Returns whether a change may be made now. Does not block. It is asked on the thread that makes the change, right
     * before it.
     */
    boolean holds();
}
