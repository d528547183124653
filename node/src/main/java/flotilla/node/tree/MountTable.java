package flotilla.node.tree;

import flotilla.cluster.MountPoint;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Leads the paths of a user's tree to his mounts. The longest mount that covers a path decides; the home has all others.
 * Names are compared composed (NFC), since macOS sends them decomposed.
 */
public final class MountTable {
    /** The table of a user without mounts. */
    public static final MountTable NONE = new MountTable(List.of());

    /** The order of names in listings: that of their bytes. */
    static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final List<MountPoint> points;
    /** The longest paths first. */
    private final List<Branch> branches;

    private record Branch(MountPoint point, List<String> shown, List<String> names) {
        boolean covers(List<String> path) {
            return path.size() >= names.size() && path.subList(0, names.size()).equals(names);
        }

        boolean isBelowOrAt(List<String> path) {
            return names.size() >= path.size() && names.subList(0, path.size()).equals(path);
        }
    }

    /**
     * The place of a path.
     *
     * @param point the mount; empty for the home
     * @param path the path in the tree of the mount or home
     */
    public record Route(Optional<MountPoint> point, VirtualPath path) {}

    private MountTable(List<MountPoint> points) {
        this.points = points;
        this.branches = points.stream()
                .flatMap(point -> branch(point).stream())
                .sorted(Comparator.comparingInt((Branch branch) -> branch.names.size())
                        .reversed())
                .toList();
    }

    /** The table of these mounts. A path that is none, or the root, leads nowhere. */
    public static MountTable of(List<MountPoint> points) {
        return points.isEmpty() ? NONE : new MountTable(List.copyOf(points));
    }

    private static Optional<Branch> branch(MountPoint point) {
        try {
            VirtualPath path = VirtualPath.of(point.path());
            return path.isRoot()
                    ? Optional.empty()
                    : Optional.of(new Branch(point, path.components(), composed(path.components())));
        } catch (StorageException noPath) {
            return Optional.empty();
        }
    }

    private static List<String> composed(List<String> names) {
        return names.stream().map(MountTable::composed).toList();
    }

    static String composed(String name) {
        return Normalizer.isNormalized(name, Form.NFC) ? name : Normalizer.normalize(name, Form.NFC);
    }

    /** The mounts. */
    public List<MountPoint> points() {
        return points;
    }

    /** Returns whether all paths lead to the home. */
    public boolean isEmpty() {
        return branches.isEmpty();
    }

    /** The place of a path in the user's tree. */
    public Route route(VirtualPath path) throws StorageException {
        Optional<Branch> branch = branchOf(path);
        if (branch.isEmpty()) {
            return new Route(Optional.empty(), path);
        }
        List<String> below = path.components()
                .subList(branch.get().names.size(), path.components().size());
        return new Route(Optional.of(branch.get().point), VirtualPath.ROOT.resolve(String.join("/", below)));
    }

    /** The mount that has a path; empty for the home. */
    public Optional<MountPoint> pointOf(VirtualPath path) {
        return branchOf(path).map(Branch::point);
    }

    private Optional<Branch> branchOf(VirtualPath path) {
        if (isEmpty()) {
            return Optional.empty();
        }
        List<String> names = composed(path.components());
        return branches.stream().filter(branch -> branch.covers(names)).findFirst();
    }

    /** Returns whether a mount has just this path. */
    public boolean isPoint(VirtualPath path) {
        return !isEmpty() && branches.stream().anyMatch(branch -> branch.names.equals(composed(path.components())));
    }

    /** Returns whether a mount has this path or one below it, so that it cannot go away. */
    public boolean isFixed(VirtualPath path) {
        if (isEmpty()) {
            return false;
        }
        List<String> names = composed(path.components());
        return branches.stream().anyMatch(branch -> branch.isBelowOrAt(names));
    }

    /** The names in a directory that mounts have or lead through, in the order of their bytes. */
    public List<String> namesIn(VirtualPath directory) {
        if (isEmpty()) {
            return List.of();
        }
        List<String> names = composed(directory.components());
        TreeMap<String, String> shown = new TreeMap<>();
        for (Branch branch : branches) {
            if (branch.names.size() > names.size() && branch.isBelowOrAt(names)) {
                shown.putIfAbsent(branch.names.get(names.size()), branch.shown.get(names.size()));
            }
        }
        List<String> sorted = new ArrayList<>(shown.values());
        sorted.sort(BY_BYTES);
        return sorted;
    }

    /**
     * Checks that a rename stays in one tree and moves no mount.
     *
     * @throws StorageException {@code MOUNT_POINT} or {@code CROSS_DEVICE}
     */
    public void checkRename(VirtualPath from, VirtualPath to) throws StorageException {
        checkChange(from);
        checkChange(to);
        if (!pointOf(from).equals(pointOf(to))) {
            throw new StorageException(Reason.CROSS_DEVICE, from + " and " + to + " are in different trees");
        }
    }

    /**
     * Checks that a path may be removed or moved.
     *
     * @throws StorageException {@code MOUNT_POINT}
     */
    public void checkChange(VirtualPath path) throws StorageException {
        if (!path.isRoot() && isFixed(path)) {
            throw new StorageException(Reason.MOUNT_POINT, path + " is a mount or leads to one");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MountTable table && points.equals(table.points);
    }

    @Override
    public int hashCode() {
        return points.hashCode();
    }

    @Override
    public String toString() {
        return points.toString();
    }
}
