package flotilla.storage.local;

import flotilla.storage.EscapedName;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/** Renames files and directories. */
final class Renames {
    private final Tree tree;
    private final Parts parts;
    private final AppendJournal journal;
    private final Arrivals arrivals;

    Renames(Tree tree, Parts parts, AppendJournal journal, Arrivals arrivals) {
        this.tree = tree;
        this.parts = parts;
        this.journal = journal;
        this.arrivals = arrivals;
    }

    /**
     * Renames an object.
     *
     * @return the bytes of the file that was replaced; empty when there was none
     */
    Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws IOException, StorageException {
        ReservedNames.check(to);
        if (from.isRoot()) {
            throw Failures.refusal(Reason.ACCESS_DENIED, "the root cannot be moved");
        }
        try (Place source = tree.locateLink(from)) {
            PosixFileAttributes moved = tree.target(source);
            if (!Entries.identity(moved).equals(identity)) {
                throw Failures.refusal(Reason.CHANGED, from);
            }
            if (source.isDirectory() && to.startsWith(from) && !to.equals(from)) {
                throw Failures.refusal(Reason.INTO_ITSELF, to);
            }
            if (!source.isDirectory() && !source.isLink()) {
                journal.settle(parts.slot(source), source);
            }
            try (Place target = tree.locateLink(to)) {
                checkTarget(source, target, to, replace);
                Optional<Long> replaced = replaced(source, target);
                if (!isSame(source, target)) {
                    parts.drop(parts.slot(target));
                    move(source, target, replace);
                }
                return replaced;
            }
        }
    }

    private static boolean isSame(Place source, Place target) {
        return target.found()
                .filter(found -> Entries.same(found, source.found().orElseThrow()))
                .isPresent();
    }

    /** Returns the bytes that are lost: none when both names belong to one file. */
    private static Optional<Long> replaced(Place source, Place target) {
        return target.found()
                .filter(found -> found.isRegularFile() && !isSame(source, target))
                .map(PosixFileAttributes::size);
    }

    private void checkTarget(Place source, Place target, VirtualPath to, boolean replace)
            throws IOException, StorageException {
        if (target.isFree()) {
            EscapedName.checkNew(to);
            return;
        }
        if (!replace || source.isDirectory() || !tree.target(target).isRegularFile()) {
            throw Failures.refusal(Reason.ALREADY_EXISTS, to);
        }
    }

    private void move(Place source, Place target, boolean replace) throws IOException, StorageException {
        if (source.isDirectory()) {
            moveDirectory(source, target);
        } else if (replace) {
            source.parent().move(source.name(), target.parent(), target.name());
        } else {
            arrivals.moveToFree(source.parent(), source.name(), target.parent(), target.name());
        }
    }

    /**
     * Moves a directory. The kernel's EINVAL means that the target lies below it, which links can hide from the paths.
     */
    private void moveDirectory(Place source, Place target) throws IOException, StorageException {
        try {
            arrivals.moveToFree(source.parent(), source.name(), target.parent(), target.name());
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("Invalid argument")) {
                throw new StorageException(Reason.INTO_ITSELF, target.name() + " lies in what is moved", e);
            }
            throw e;
        }
    }
}
