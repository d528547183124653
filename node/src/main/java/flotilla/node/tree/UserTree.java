package flotilla.node.tree;

import flotilla.cluster.Permission;
import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A backend behind a user's permissions, so that no command and no transfer can forget a check. A stage fails with a
 * {@link StorageException}: with {@code ACCESS_DENIED} when the permissions forbid the operation, else as the backend
 * fails.
 */
public final class UserTree {
    private static final int PAGE = 512;

    private final StorageBackend backend;
    private final Mount mount;

    public UserTree(StorageBackend backend, Mount mount) {
        this.backend = backend;
        this.mount = mount;
    }

    /** The home and permissions of the user. */
    public Mount mount() {
        return mount;
    }

    /** As {@link StorageBackend#stat}. */
    public CompletionStage<Entry> stat(VirtualPath path) {
        return allowed(mayLookAt(path), () -> backend.stat(path));
    }

    /** As {@link StorageBackend#list}. */
    public CompletionStage<Listing> list(VirtualPath directory, Listing.Order order) {
        return allowed(mount.allows(Permission.LIST, directory), () -> backend.list(directory, order));
    }

    /** As {@link StorageBackend#read}. */
    public CompletionStage<ByteSource> read(VirtualPath file, long offset) {
        return allowed(mount.allows(Permission.READ, file), () -> backend.read(file, offset));
    }

    /** As {@link StorageBackend#write}. A user without DELETE permission cannot replace a file. */
    public CompletionStage<ByteSink> write(VirtualPath file, WriteMode mode) {
        WriteMode kept = mode.kind() == WriteMode.Kind.REPLACE && !mayReplace(file) ? WriteMode.CREATE_NEW : mode;
        return allowed(mayWrite(file, mode), () -> backend.write(file, kept));
    }

    /** The entry of a directory that the user may list, or of any other entry except a broken link. */
    public CompletionStage<Entry> listable(VirtualPath path) {
        return stat(path)
                .thenCompose(entry -> entry.isLink() || entry.isDirectory() && !mount.allows(Permission.LIST, path)
                        ? refuse(Reason.ACCESS_DENIED)
                        : CompletableFuture.completedFuture(entry));
    }

    /** The entry of a file that the user may read. */
    public CompletionStage<Entry> readable(VirtualPath file) {
        return allowed(mount.allows(Permission.READ, file), () -> backend.stat(file));
    }

    /** Checks if an upload may begin, and where it would begin. Changes nothing; fails as {@link #write} would. */
    public CompletionStage<UploadCheck> checkWrite(VirtualPath file, WriteMode mode) {
        return allowed(
                mayWrite(file, mode), () -> backend.checkWrite(file, mode).thenCompose(check -> {
                    boolean replaces =
                            check.existing().isPresent() && mode.kind() != WriteMode.Kind.APPEND && !mayReplace(file);
                    return replaces ? refuse(Reason.ACCESS_DENIED) : CompletableFuture.completedFuture(check);
                }));
    }

    /** As {@link StorageBackend#beginReplacing}, for an upload that was checked. */
    public CompletionStage<Void> beginReplacing(VirtualPath file) {
        return allowed(mount.allows(Permission.WRITE, file), () -> backend.beginReplacing(file));
    }

    /** The name of the lock under which writers of {@code path} exclude each other. */
    public CompletionStage<String> lockName(VirtualPath path) {
        return allowed(mayLookAt(path) || mayChange(path), () -> backend.lockName(path));
    }

    private static <T> CompletionStage<T> refuse(Reason reason) {
        return CompletableFuture.failedFuture(new StorageException(reason, "refused"));
    }

    /** Returns true when a name in {@code directory} matches. Reads page by page on {@code blocking}. */
    public CompletionStage<Boolean> anyMatch(VirtualPath directory, Predicate<String> pattern, Executor blocking) {
        return list(directory, Listing.Order.NONE)
                .thenApplyAsync(
                        listing -> {
                            try (listing) {
                                List<Entry> page = listing.next(PAGE);
                                while (!page.isEmpty()) {
                                    if (page.stream().anyMatch(entry -> pattern.test(entry.name()))) {
                                        return true;
                                    }
                                    page = listing.next(PAGE);
                                }
                                return false;
                            } catch (StorageException e) {
                                throw new CompletionException(e);
                            }
                        },
                        blocking);
    }

    /** As {@link StorageBackend#partSize}. */
    public CompletionStage<Optional<Long>> partSize(VirtualPath file) {
        return allowed(mayLookAt(file), () -> backend.partSize(file));
    }

    /** As {@link StorageBackend#makeDirectory}. */
    public CompletionStage<Entry> makeDirectory(VirtualPath directory) {
        return allowed(mount.allows(Permission.MAKE_DIRECTORY, directory), () -> backend.makeDirectory(directory));
    }

    /** Removes a file and its part, as {@link StorageBackend#delete}. */
    public CompletionStage<Optional<Long>> delete(VirtualPath file) {
        return allowed(mount.allows(Permission.DELETE, file), () -> backend.delete(file));
    }

    /** As {@link StorageBackend#removeDirectory}. */
    public CompletionStage<Void> removeDirectory(VirtualPath directory) {
        return allowed(mount.allows(Permission.DELETE, directory), () -> backend.removeDirectory(directory));
    }

    /**
     * Renames, as {@link StorageBackend#rename}. A rename must not lead around a rule. So a directory moves only when
     * one rule holds for all that is below its old and its new name, and a file that the user cannot read moves to no
     * place where it can be read.
     */
    public CompletionStage<Optional<Long>> rename(VirtualPath from, String identity, VirtualPath to, boolean replace) {
        boolean allowed = mayRename(from)
                && mount.allows(Permission.RENAME, to)
                && mount.allows(Permission.WRITE, to)
                && (mount.allows(Permission.READ, from) || !mount.allows(Permission.READ, to));
        boolean mayReplace = replace && mayReplace(to);
        return allowed(allowed, () -> mayMoveBelow(from, to))
                .thenCompose(below -> allowed(below, () -> backend.rename(from, identity, to, mayReplace)));
    }

    /** Returns false for a directory when other rules hold below {@code from} or below {@code to}. */
    private CompletionStage<Boolean> mayMoveBelow(VirtualPath from, VirtualPath to) {
        if (!mount.hasRulesBelow(from) && !mount.hasRulesBelow(to)) {
            return CompletableFuture.completedFuture(true);
        }
        return backend.stat(from).thenApply(entry -> !entry.isDirectory());
    }

    /** The entry that RNFR names, if the user may rename it. */
    public CompletionStage<Entry> renameSource(VirtualPath from) {
        return allowed(mayRename(from), () -> backend.stat(from))
                .thenCompose(entry -> entry.isLink() || entry.isDirectory() && mount.hasRulesBelow(from)
                        ? refuse(Reason.ACCESS_DENIED)
                        : CompletableFuture.completedFuture(entry));
    }

    private boolean mayRename(VirtualPath from) {
        return mount.allows(Permission.RENAME, from);
    }

    /** As {@link StorageBackend#change}. */
    public CompletionStage<Entry> change(VirtualPath path, AttributeChange change) {
        return allowed(mount.allows(Permission.CHANGE_ATTRIBUTES, path), () -> backend.change(path, change));
    }

    /** As {@link StorageBackend#freeBytes}. */
    public CompletionStage<Long> freeBytes(VirtualPath directory) {
        return allowed(mayLookAt(directory), () -> backend.freeBytes(directory));
    }

    /**
     * The value of the MLST fact {@code perm} (RFC 3659, section 7.5.5): only the operations that this user may
     * perform.
     */
    public String permissions(VirtualPath path, Entry entry) {
        StringBuilder letters = new StringBuilder(8);
        if (entry.isDirectory()) {
            add(letters, 'c', mount.allows(Permission.WRITE, path));
            add(letters, 'd', mount.allows(Permission.DELETE, path) && !path.isRoot());
            letters.append('e');
            add(
                    letters,
                    'f',
                    mount.allows(Permission.RENAME, path) && mount.allows(Permission.WRITE, path) && !path.isRoot());
            add(letters, 'l', mount.allows(Permission.LIST, path));
            add(letters, 'm', mount.allows(Permission.MAKE_DIRECTORY, path));
            add(letters, 'p', mount.allows(Permission.DELETE, path));
        } else if (entry.isFile()) {
            add(letters, 'a', mount.allows(Permission.APPEND, path));
            add(letters, 'd', mount.allows(Permission.DELETE, path));
            add(letters, 'f', mount.allows(Permission.RENAME, path) && mount.allows(Permission.WRITE, path));
            add(letters, 'r', mount.allows(Permission.READ, path));
            add(letters, 'w', mount.allows(Permission.WRITE, path) && mayReplace(path));
        } else {
            add(letters, 'd', mount.allows(Permission.DELETE, path));
        }
        return letters.toString();
    }

    private static void add(StringBuilder letters, char letter, boolean allowed) {
        if (allowed) {
            letters.append(letter);
        }
    }

    private boolean mayWrite(VirtualPath file, WriteMode mode) {
        return mount.allows(mode.kind() == WriteMode.Kind.APPEND ? Permission.APPEND : Permission.WRITE, file);
    }

    /** Replacing needs DELETE: an upload-only user must not destroy existing files. */
    private boolean mayReplace(VirtualPath file) {
        return mount.allows(Permission.DELETE, file);
    }

    private boolean mayChange(VirtualPath path) {
        return mount.allows(Permission.DELETE, path)
                || mount.allows(Permission.RENAME, path)
                || mount.allows(Permission.WRITE, path);
    }

    /**
     * A user may look at a name that the user could list or read. Otherwise the user must not learn that the name
     * exists.
     */
    private boolean mayLookAt(VirtualPath path) {
        return path.isRoot()
                || mount.allows(Permission.LIST, path)
                || mount.allows(Permission.READ, path)
                || mount.allows(Permission.LIST, path.parent());
    }

    private static <T> CompletionStage<T> allowed(boolean allowed, Supplier<CompletionStage<T>> operation) {
        return allowed
                ? operation.get()
                : CompletableFuture.failedFuture(
                        new StorageException(Reason.ACCESS_DENIED, "not permitted to this user"));
    }
}
