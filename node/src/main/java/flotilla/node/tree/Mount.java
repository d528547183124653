package flotilla.node.tree;

import flotilla.cluster.MountPoint;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.Umask;
import flotilla.cluster.User;
import flotilla.storage.NewModes;
import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The part of the storage that a user sees, and the user's permissions there. It travels with each transfer, so the
 * node of a data connection opens the same tree.
 *
 * @param home absolute directory, or relative to the storage root
 * @param rules permissions by path; empty allows all
 * @param readOnly true to forbid all changes
 * @param umask permission bits that new files and directories do not get, in octal; empty for the modes of the store
 * @param mounts places besides the home
 */
public record Mount(String home, List<PathRule> rules, boolean readOnly, String umask, MountTable mounts) {
    private static final Set<Permission> CHANGES = EnumSet.complementOf(EnumSet.of(Permission.READ, Permission.LIST));

    private static final List<PathRule> WHOLE =
            List.of(new PathRule("/", EnumSet.of(Permission.READ, Permission.LIST)));

    public Mount {
        rules = rules.stream()
                .map(rule -> new PathRule(composed(rule.prefix()), rule.permissions()))
                .toList();
    }

    /** A mount whose new files and directories have the modes of the store. */
    public Mount(String home, List<PathRule> rules, boolean readOnly) {
        this(home, rules, readOnly, "", MountTable.NONE);
    }

    /** The mount of an account. */
    public static Mount of(User user) {
        return new Mount(user.home(), user.rules(), user.readOnly(), user.umask(), MountTable.of(user.mounts()));
    }

    /** The same mount after SITE UMASK: an empty text changes nothing. */
    public Mount masked(String chosen) {
        return chosen.isEmpty() ? this : new Mount(home, rules, readOnly, chosen, mounts);
    }

    /** The permission bits of new files and directories; empty for those of the store. */
    public Optional<NewModes> modes() {
        OptionalInt bits = Umask.parse(umask);
        return bits.isPresent() ? Optional.of(NewModes.masked(bits.getAsInt())) : Optional.empty();
    }

    /** One of the trees alone: that of a mount, or the home. */
    public Mount at(Optional<MountPoint> point) {
        return new Mount(
                point.map(MountPoint::place).orElse(home),
                rules,
                readOnly || point.stream().anyMatch(MountPoint::readOnly),
                umask,
                MountTable.NONE);
    }

    /** The tree alone that has a path. */
    public Mount at(VirtualPath path) {
        return at(mounts.pointOf(path));
    }

    /** The home and the mounts, each alone. */
    public List<Mount> trees() {
        List<Mount> trees = new ArrayList<>();
        trees.add(at(Optional.empty()));
        mounts.points().forEach(point -> trees.add(at(Optional.of(point))));
        return trees;
    }

    /** The whole home, read-only and without following links, so each file is in it once. */
    public Mount whole() {
        return new Mount(home, WHOLE, true);
    }

    /**
     * Returns true when the permission holds at {@code path}. The rule with the longest prefix decides; without rules
     * all is allowed.
     */
    public boolean allows(Permission permission, VirtualPath path) {
        if (CHANGES.contains(permission) && isReadOnly(path)) {
            return false;
        }
        if (rules.isEmpty()) {
            return true;
        }
        return permissions(composed(path.toString())).contains(permission);
    }

    /** Returns whether every change at {@code path} is refused. */
    public boolean isReadOnly(VirtualPath path) {
        return readOnly || mounts.pointOf(path).filter(MountPoint::readOnly).isPresent();
    }

    /** Returns whether all files in a directory have the same permissions, and all directories in it, too. */
    public boolean isUniform(VirtualPath directory) {
        return rules.isEmpty() && mounts.namesIn(directory).isEmpty();
    }

    private Set<Permission> permissions(String path) {
        PathRule longest = null;
        for (PathRule rule : rules) {
            boolean longer =
                    longest == null || rule.prefix().length() > longest.prefix().length();
            if (longer && covers(rule.prefix(), path)) {
                longest = rule;
            }
        }
        return longest == null ? Set.of() : longest.permissions();
    }

    /** Normalises to NFC before comparing with rules (macOS sends NFD). */
    private static String composed(String path) {
        return MountTable.composed(path);
    }

    private static boolean covers(String prefix, String path) {
        return prefix.equals("/")
                || path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** Returns true when a rule below {@code path} gives other permissions than {@code path} has. */
    public boolean hasRulesBelow(VirtualPath path) {
        String text = composed(path.toString());
        Set<Permission> here = permissions(text);
        return rules.stream()
                .filter(rule -> !rule.prefix().equals(text) && covers(text, rule.prefix()))
                .anyMatch(rule -> !rule.permissions().equals(here));
    }

    /**
     * Returns true when symbolic links in the home may be followed. A link could lead around a rule for its target, so
     * users with rules follow none.
     */
    public boolean followsLinks() {
        return rules.isEmpty();
    }
}
