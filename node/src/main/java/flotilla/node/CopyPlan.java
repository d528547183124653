package flotilla.node;

import flotilla.node.state.SessionState.RenameSource;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Placement;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;

/**
 * A copy that SITE CPTO may begin.
 *
 * @param source the version of the file that is copied
 * @param target the name that it gets
 */
record CopyPlan(Transfer.Send source, Transfer.Receive target) {
    /**
     * Checks the permissions for both names. Blocks.
     *
     * @param maxFileBytes largest file of the user, in bytes; 0 for no limit
     * @throws StorageException {@code CHANGED} when another file has the name that SITE CPFR gave, {@code INTO_ITSELF}
     *     for a copy onto itself, else as the tree does
     */
    static CopyPlan of(UserTree tree, RenameSource named, VirtualPath to, long maxFileBytes) throws StorageException {
        Entry entry = tree.readable(named.path());
        if (!entry.isFile() || !entry.identity().equals(named.identity())) {
            throw new StorageException(Reason.CHANGED, named.path() + " is another file now");
        }
        UploadCheck check = tree.checkWrite(to, WriteMode.COPY);
        boolean isOneTree = tree.mount()
                .mounts()
                .pointOf(named.path())
                .equals(tree.mount().mounts().pointOf(to));
        boolean isSameName = tree.lockName(named.path()).equals(check.lockName());
        if (check.existing()
                .filter(there -> isSameName || isOneTree && there.identity().equals(entry.identity()))
                .isPresent()) {
            throw new StorageException(Reason.INTO_ITSELF, named.path() + " is the target itself");
        }
        return new CopyPlan(
                new Transfer.Send(
                        named.path().toString(), 0, false, entry.size(), entry.modifiedMillis(), entry.identity()),
                new Transfer.Receive(
                        to.toString(),
                        Placement.REPLACE,
                        0,
                        false,
                        maxFileBytes,
                        check.lockName(),
                        check.isReplacing()));
    }
}
