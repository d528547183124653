package flotilla.storage.s3;

import flotilla.storage.Entry;
import flotilla.storage.EscapedName;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.util.Optional;

/**
 * Renames files and directories by copying within the service and deleting. The copy comes first, so a rename that
 * breaks leaves both names or the old one. Many threads use it at once.
 */
final class Renames {
    private final Tree tree;
    private final Bucket bucket;
    private final Uploads uploads;
    private final DirectoryMove moves;

    Renames(Tree tree, Uploads uploads, Background background) {
        this.tree = tree;
        this.bucket = tree.bucket();
        this.uploads = uploads;
        this.moves = new DirectoryMove(tree, background);
    }

    /** As {@link flotilla.storage.StorageBackend#rename}. */
    Optional<Long> rename(Keys keys, VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        ReservedNames.check(from);
        ReservedNames.check(to);
        if (from.isRoot()) {
            throw new StorageException(Reason.ACCESS_DENIED, "the root cannot be moved");
        }
        Entry source = tree.stat(keys, from);
        if (!source.identity().equals(identity)) {
            throw new StorageException(Reason.CHANGED, from + " is another object now");
        }
        if (source.isDirectory() && to.startsWith(from) && !to.equals(from)) {
            throw new StorageException(Reason.INTO_ITSELF, to + " lies in what is moved");
        }
        Optional<Facts> target = target(keys, source, to, replace);
        if (from.equals(to)) {
            return Optional.empty();
        }
        if (source.isDirectory()) {
            move(keys, from, to);
            return Optional.empty();
        }
        moveFile(keys, from, identity, to, target);
        return target.map(Facts::size);
    }

    /** Returns the file that is replaced; empty for a free name. */
    private Optional<Facts> target(Keys keys, Entry source, VirtualPath to, boolean replace) throws StorageException {
        Optional<Facts> found;
        try {
            found = tree.find(keys, to);
        } catch (StorageException e) {
            throw e.reason() == Reason.IS_A_DIRECTORY
                    ? new StorageException(Reason.ALREADY_EXISTS, to + " is a directory", e)
                    : e;
        }
        if (found.isPresent() && (!replace || source.isDirectory())) {
            throw new StorageException(Reason.ALREADY_EXISTS, to + " exists");
        }
        if (found.isEmpty()) {
            EscapedName.checkNew(to);
        }
        return found;
    }

    private void moveFile(Keys keys, VirtualPath from, String identity, VirtualPath to, Optional<Facts> target)
            throws StorageException {
        String key = keys.file(from);
        Facts source = bucket.head(key)
                .filter(found -> found.identity().equals(identity))
                .orElseThrow(() -> new StorageException(Reason.CHANGED, from + " is another object now"));
        Condition condition =
                target.map(found -> Condition.matching(found.etag())).orElseGet(Condition::absent);
        bucket.copy(source, keys.file(to), condition);
        uploads.drop(keys.file(to));
        uploads.changed(key);
        tree.keep(keys, from.parent());
        boolean same = bucket.head(key)
                .filter(found -> found.identity().equals(identity))
                .isPresent();
        if (same) {
            bucket.delete(key, Condition.matching(source.etag()));
        }
    }

    private void move(Keys keys, VirtualPath from, VirtualPath to) throws StorageException {
        String source = keys.directory(from);
        String target = keys.directory(to);
        tree.keep(keys, from.parent());
        try {
            moves.move(source, target);
        } finally {
            tree.forget(source);
            uploads.directoriesChanged();
        }
        uploads.dropBelow(source);
    }

    /** Finishes renames of directories that a dead node has begun. */
    void finishBroken() throws StorageException {
        moves.finishBroken();
    }
}
