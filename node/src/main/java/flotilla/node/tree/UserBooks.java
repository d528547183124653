package flotilla.node.tree;

import flotilla.cluster.MountPoint;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of a user, and what each of them limits. Each file counts in one book: that of the innermost tree that has
 * it. So two mounts of one place, or a mount of a place within the home, are not counted twice. A mount with a quota has
 * a book of its own. A read-only mount counts nowhere, since the user stores nothing there.
 *
 * <p>Trees are compared by the lock names of their roots, which are the same for one directory however it is reached.
 */
public final class UserBooks {
    private static final int HASH_BYTES = 8;

    private final String user;
    private final Usage limit;
    private final List<Tree> trees;

    /**
     * A tree that counts.
     *
     * @param root lock name of its root; null when the tree cannot be opened
     */
    private record Tree(
            Mount mount,
            Optional<MountPoint> point,
            String key,
            @Nullable String root,
            @Nullable StorageException away) {
        boolean hasOwnQuota() {
            return point.filter(MountPoint::hasQuota).isPresent();
        }

        boolean covers(String name) {
            return root != null && (name.equals(root) || name.startsWith(root + "/"));
        }

        /** Whether the tree may have files that this node cannot see now. */
        boolean isUnknown() {
            return away != null && away.reason() != Reason.NOT_FOUND;
        }
    }

    /**
     * What one quota limits.
     *
     * @param key names it in the ledger
     * @param limit most bytes and files; 0 for no limit
     * @param parts the trees that count, each without the trees inside it that count for themselves
     * @param missing why it cannot be counted now; null when it can
     */
    public record Book(
            String key,
            Usage limit,
            List<Part> parts,
            @Nullable StorageException missing) {}

    /**
     * A tree without others.
     *
     * @param tree the tree alone
     * @param without lock names of directories that are left out
     */
    public record Part(Mount tree, Set<String> without) {}

    private UserBooks(String user, Usage limit, List<Tree> trees) {
        this.user = user;
        this.limit = limit;
        this.trees = trees;
    }

    /** Returns whether any quota holds for a user with these mounts. */
    public static boolean isLimited(Usage limit, Mount mount) {
        return limit.bytes() > 0
                || limit.files() > 0
                || mount.mounts().points().stream().anyMatch(MountPoint::hasQuota);
    }

    /** Returns the name of the user in the key of a book. */
    public static String userOf(String key) {
        int end = key.indexOf('\n');
        return end < 0 ? key : key.substring(0, end);
    }

    /** Looks at the trees of a user. Blocks while they are opened. */
    public static UserBooks of(Backends backends, String user, Mount mount, Usage limit) {
        List<MountPoint> points = mount.mounts().points().stream()
                .filter(point -> !point.readOnly())
                .toList();
        if (points.isEmpty()) {
            return new UserBooks(
                    user, limit, List.of(new Tree(mount.at(Optional.empty()), Optional.empty(), user, "", null)));
        }
        String all = user + '\n' + hash(places(mount.home(), points));
        List<Tree> trees = new ArrayList<>();
        trees.add(tree(backends, mount, Optional.empty(), all));
        for (MountPoint point : points) {
            String key = point.hasQuota() ? user + '\n' + hash("mount " + point.place()) : all;
            trees.add(tree(backends, mount, Optional.of(point), key));
        }
        trees.sort(Comparator.comparing(tree -> !tree.hasOwnQuota())); // where two have one root, the first counts
        Set<String> roots = new HashSet<>();
        trees.removeIf(tree -> tree.root != null && !roots.add(tree.root));
        return new UserBooks(user, limit, trees);
    }

    private static Tree tree(Backends backends, Mount mount, Optional<MountPoint> point, String key) {
        Mount alone = mount.at(point);
        try {
            String root = backends.open(alone).lockName(VirtualPath.ROOT);
            return new Tree(alone, point, key, root.endsWith("/") ? root.substring(0, root.length() - 1) : root, null);
        } catch (StorageException away) {
            return new Tree(alone, point, key, null, away);
        }
    }

    private static String places(String home, List<MountPoint> points) {
        StringBuilder text = new StringBuilder(home);
        points.stream()
                .sorted(Comparator.comparing(MountPoint::place))
                .forEach(point -> text.append('\n').append(point.hasQuota()).append(point.place()));
        return text.toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The book in which a file counts; empty when no quota limits it.
     *
     * @param lockName name of the file's lock
     * @param path the file in the tree of {@code mount}
     */
    public Optional<Book> at(String lockName, Mount mount, VirtualPath path) {
        Optional<MountPoint> point = mount.mounts().pointOf(path);
        return innermost(lockName)
                .or(() ->
                        trees.stream().filter(tree -> tree.point.equals(point)).findFirst())
                .flatMap(this::book);
    }

    private Optional<Tree> innermost(String lockName) {
        return trees.size() == 1
                ? Optional.of(trees.get(0))
                : trees.stream()
                        .filter(tree -> tree.covers(lockName))
                        .max(Comparator.comparingInt(
                                tree -> String.valueOf(tree.root).length()));
    }

    /** Returns whether a tree of the user lies at a lock name, or below it. */
    public boolean isAnyIn(String lockName) {
        return trees.size() > 1
                && trees.stream()
                        .anyMatch(tree -> tree.root != null
                                && (tree.root.equals(lockName) || tree.root.startsWith(lockName + "/")));
    }

    /** Returns false when a tree cannot be looked at now, so that files in it may count in a wrong book. */
    public boolean isSure() {
        return trees.stream().noneMatch(Tree::isUnknown);
    }

    /** The books with a limit. */
    public List<Book> limited() {
        List<Book> books = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Tree tree : trees) {
            if (keys.add(tree.key)) {
                book(tree).ifPresent(books::add);
            }
        }
        return books;
    }

    private Optional<Book> book(Tree of) {
        Usage most = of.hasOwnQuota()
                ? of.point
                        .map(point -> new Usage(point.quotaBytes(), point.quotaFiles()))
                        .orElseThrow()
                : limit;
        if (most.bytes() <= 0 && most.files() <= 0) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        StorageException missing = null;
        for (Tree tree : trees) {
            boolean isPart = tree.key.equals(of.key);
            if (tree.away != null && (isPart || tree.isUnknown())) {
                missing = tree.away;
            } else if (isPart) {
                parts.add(new Part(tree.mount, inside(tree)));
            }
        }
        return Optional.of(new Book(of.key, most, parts, missing));
    }

    private Set<String> inside(Tree outer) {
        Set<String> inner = new HashSet<>();
        for (Tree tree : trees) {
            if (tree.root != null && tree.root.startsWith(outer.root + "/")) {
                inner.add(tree.root);
            }
        }
        return inner;
    }

    @Override
    public String toString() {
        return "UserBooks[" + user + ", " + trees.size() + " trees]";
    }
}
