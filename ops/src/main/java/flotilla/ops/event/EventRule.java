package flotilla.ops.event;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A rule: which events a target gets.
 *
 * @param kinds of the events
 * @param users patterns of user names; empty for all events, also those without a user
 * @param paths patterns of virtual paths; empty for all events, also those without a path. A rename matches by either
 *     path
 * @param target its name
 */
public record EventRule(Set<EventKind> kinds, List<String> users, List<String> paths, String target) {
    public EventRule {
        kinds = Set.copyOf(kinds);
        users = List.copyOf(users);
        paths = List.copyOf(paths);
    }

    boolean matches(Event event) {
        return kinds.contains(event.kind())
                && (users.isEmpty() || isLike(users, event.user()))
                && (paths.isEmpty() || isLike(paths, event.path()) || isLike(paths, event.source()));
    }

    private static boolean isLike(List<String> patterns, String subject) {
        return !subject.isEmpty() && patterns.stream().anyMatch(text -> new Pattern(text).matches(subject));
    }

    /** Returns the kinds that a rule can choose. */
    public static Set<EventKind> allKinds() {
        return EnumSet.complementOf(EnumSet.of(EventKind.TEST));
    }
}
