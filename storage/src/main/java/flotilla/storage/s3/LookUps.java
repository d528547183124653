package flotilla.storage.s3;

import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds out what has the name of an upload. It makes the requests for one name side by side.
 *
 * <p>It remembers its answers for a second, so that the steps of one upload do not ask twice. That is sound for files,
 * because the commit has a condition. For directories it makes a gap longer that there is anyway: S3 cannot store an
 * object on the condition that its directory exists.
 */
final class LookUps {
    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final int MOST_REMEMBERED = 1024;

    private final Tree tree;
    private final Records records;
    private final Parallel asking;
    private final Map<String, Found> found = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    LookUps(Tree tree, Records records, Parallel asking) {
        this.tree = tree;
        this.records = records;
        this.asking = asking;
    }

    /**
     * What has a name.
     *
     * @param file the object; empty when there is none
     * @param record the record of an upload; empty when there is none
     * @param nanos when this was found, by {@link System#nanoTime}
     * @param change the number of the last change of directories by this process
     */
    record Found(Optional<Facts> file, Optional<Records.Found> record, long nanos, long change) {
        /** Returns the same with another record. */
        Found with(Records.Found stored) {
            return new Found(file, Optional.of(stored), nanos, change);
        }

        /** Returns the record if it is not void: the file is still the one over which the upload ran. */
        Optional<Records.Found> valid() {
            return record.filter(each -> each.record().over().equals(file.map(PartRecord::over)));
        }
    }

    /**
     * Looks the name of an upload up.
     *
     * @param remembered whether the answer may be some moments old
     * @throws StorageException {@code NOT_FOUND} or {@code NOT_A_DIRECTORY} for its directory, {@code IS_A_DIRECTORY},
     *     or {@code ALREADY_EXISTS} for a new file, when a directory has the name
     */
    Found find(Target target, WriteMode mode, boolean remembered) throws StorageException {
        if (target.file().isRoot()) {
            throw isDirectory(target.file(), mode);
        }
        Found known = found.get(target.key());
        if (remembered && known != null && isFresh(known)) {
            return known;
        }
        long change = changes.get();
        long now = System.nanoTime();
        Parallel.Pending<Tree.Named> named = asking.start(() -> tree.named(target.key()));
        Parallel.Pending<Optional<Records.Found>> record = asking.start(() -> records.find(target.key()));
        tree.checkParent(target.keys(), target.file());
        if (named.get().directory()) {
            throw isDirectory(target.file(), mode);
        }
        Found answer = new Found(named.get().file(), record.get(), now, change);
        remember(target.key(), answer);
        return answer;
    }

    private boolean isFresh(Found known) {
        return known.change() == changes.get() && System.nanoTime() - known.nanos() < FRESH_NANOS;
    }

    /** Takes what has a key now. */
    void remember(String key, Found answer) {
        if (found.size() >= MOST_REMEMBERED) {
            found.clear();
        }
        found.put(key, answer);
    }

    private static StorageException isDirectory(VirtualPath file, WriteMode mode) {
        Reason reason = mode.kind() == Kind.CREATE_NEW ? Reason.ALREADY_EXISTS : Reason.IS_A_DIRECTORY;
        return new StorageException(reason, file + " is a directory");
    }

    /** Returns whether the directory of an upload exists. */
    boolean hasDirectory(Target target) throws StorageException {
        VirtualPath parent = target.file().parent();
        return parent.isRoot() || tree.isDirectory(target.keys().directory(parent));
    }

    /**
     * Checks before a commit that the directory still exists, and that no other one has the name of the file.
     *
     * @throws StorageException as for {@link #find}
     */
    void checkPlace(UploadPlan plan) throws StorageException {
        Target target = plan.target();
        Found known = found.get(target.key());
        if (known != null && isFresh(known)) {
            return;
        }
        Parallel.Pending<Boolean> directory = asking.start(() -> tree.isDirectory(target.key() + "/"));
        tree.checkParent(target.keys(), target.file());
        if (directory.get()) {
            throw isDirectory(target.file(), plan.mode());
        }
    }

    /** Forgets what has this key. */
    void forget(String key) {
        found.remove(key);
    }

    /** Forgets all, because this process makes, removes or renames a directory, or has done so. */
    void forgetAll() {
        changes.incrementAndGet();
    }

    /** Returns the entry of a file. */
    Entry entry(VirtualPath file, Facts facts) {
        return tree.file(file.name(), facts);
    }
}
