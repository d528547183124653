package flotilla.node.tree;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.storage.VirtualPath;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which part of the storage a user sees, and what he may do there. Travels with each transfer, so that the node where a
 * data connection lands opens the same tree.
 *
 * @param home absolute directory, or relative to the storage root
 */
public record Mount(String home, List<PathRule> rules, boolean readOnly) {
    private static final Set<Permission> CHANGES = EnumSet.complementOf(EnumSet.of(Permission.READ, Permission.LIST));

    private static final List<PathRule> WHOLE =
            List.of(new PathRule("/", EnumSet.of(Permission.READ, Permission.LIST)));

    public Mount {
        rules = rules.stream()
                .map(rule -> new PathRule(composed(rule.prefix()), rule.permissions()))
                .toList();
    }

    public static Mount of(User user) {
        return new Mount(user.home(), user.rules(), user.readOnly());
    }

    /** The whole home, read only, without following links: each file in it once. */
    public Mount whole() {
        return new Mount(home, WHOLE, true);
    }

    /** Whether something may be done at {@code path}: the longest rule that covers it decides; no rules allow everything. */
    public boolean allows(Permission permission, VirtualPath path) {
        if (readOnly && CHANGES.contains(permission)) {
            return false;
        }
        if (rules.isEmpty()) {
            return true;
        }
        return permissions(composed(path.toString())).contains(permission);
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

    /** The one spelling of a name with accents that rules are compared in: macOS and others store and send another (NFD). */
    private static String composed(String path) {
        return Normalizer.isNormalized(path, Form.NFC) ? path : Normalizer.normalize(path, Form.NFC);
    }

    private static boolean covers(String prefix, String path) {
        return prefix.equals("/")
                || path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** Whether a rule speaks of something below {@code path}, not counting those that allow what holds for {@code path} itself. */
    public boolean hasRulesBelow(VirtualPath path) {
        String text = composed(path.toString());
        Set<Permission> here = permissions(text);
        return rules.stream()
                .filter(rule -> !rule.prefix().equals(text) && covers(text, rule.prefix()))
                .anyMatch(rule -> !rule.permissions().equals(here));
    }

    /**
     * Whether symbolic links inside the home may be followed. A link would lead around a rule about the path it stands
     * for, so users with rules do not follow any.
     */
    public boolean followsLinks() {
        return rules.isEmpty();
    }
}
