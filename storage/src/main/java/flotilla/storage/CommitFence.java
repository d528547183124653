package flotilla.storage;

/**
 * Says whether this process may still change what others have in hands, too. One that was stopped for a while may have
 * been declared dead: others store files under the same names and append to the same files meanwhile, and it must
 * neither replace nor cut back what is theirs.
 */
@FunctionalInterface
public interface CommitFence {
    /** For a process that has no others. */
    CommitFence OPEN = () -> true;

    /** Whether a change may be made now. Does not block; asked on the thread that makes the change, right before it. */
    boolean holds();
}
