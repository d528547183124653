package flotilla.storage.s3;

import flotilla.storage.ByteSink;
import flotilla.storage.Entry;
import flotilla.storage.EscapedName;
import flotilla.storage.StorageException;
import flotilla.storage.UploadCheck;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The uploads of all homes of a store. Many threads use it at once. */
final class Uploads implements AutoCloseable {
    private final Tree tree;

    Uploads(Tree tree) {
        this.tree = tree;
    }

    ByteSink write(Keys keys, VirtualPath file, WriteMode mode) throws StorageException {
        Optional<Facts> found = tree.find(keys, file);
        if (found.isEmpty()) {
            EscapedName.checkNew(file);
        }
        UploadStart start = UploadStart.of(file, mode, size(found), OptionalLong.empty());
        return new SmallSink(tree, keys.file(file), file.name(), start, found);
    }

    private static OptionalLong size(Optional<Facts> found) {
        return found.map(facts -> OptionalLong.of(facts.size())).orElse(OptionalLong.empty());
    }

    UploadCheck check(Keys keys, VirtualPath file, WriteMode mode, String lockName) throws StorageException {
        Optional<Facts> found = tree.find(keys, file);
        Optional<Entry> existing = found.map(facts -> tree.file(file.name(), facts));
        UploadStart start = UploadStart.of(file, mode, size(found), OptionalLong.empty());
        return new UploadCheck(lockName, start, existing, OptionalLong.empty());
    }

    /** As {@link flotilla.storage.StorageBackend#beginReplacing}. */
    void beginReplacing(Keys keys, VirtualPath file) throws StorageException {}

    /** As {@link flotilla.storage.StorageBackend#partSize}. */
    OptionalLong partSize(Keys keys, VirtualPath file) throws StorageException {
        tree.find(keys, file);
        return OptionalLong.empty();
    }

    /** Drops the part of a broken upload to a key, and returns whether there was one. */
    boolean drop(String key) throws StorageException {
        return false;
    }

    /** Drops the parts of broken uploads to keys that begin with a prefix. */
    void dropBelow(String prefix) throws StorageException {}

    /** Removes the parts of a home that are older than an age, and returns their number. */
    int sweep(Keys keys, Duration age) throws StorageException {
        return 0;
    }

    @Override
    public void close() {}
}
