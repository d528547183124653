package flotilla.ops.config;

import com.typesafe.config.Config;
import flotilla.ops.event.EventKind;
import flotilla.ops.event.EventRule;
import flotilla.ops.event.EventSettings;
import flotilla.ops.event.EventSettings.Attempts;
import flotilla.ops.extension.Extension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The keys of events: {@code flotilla.events}. */
final class EventKeys {
    static final String TARGETS = "flotilla.events.targets";

    private static final String RULES = "flotilla.events.rules";
    private static final Set<String> OF_RULE = Set.of("events", "users", "paths", "target");
    private static final String ALL = "*";
    private static final int MOST_TARGETS = 16;
    private static final int MOST_RULES = 100;
    private static final int MOST_PATTERNS = 100;
    private static final int LONGEST_PATTERN = 1_000;

    private final Keys keys;

    EventKeys(Keys keys) {
        this.keys = keys;
    }

    EventSettings read() {
        List<Extension> targets = new ExtensionKeys(keys).named(TARGETS, "targets", MOST_TARGETS);
        Attempts attempts = new Attempts(
                keys.number("flotilla.events.attempts", 1, 1_000),
                keys.number("flotilla.events.in-flight", 1, 1_000),
                keys.duration("flotilla.events.first-pause", Duration.ofMillis(10)),
                keys.duration("flotilla.events.longest-pause", Duration.ofMillis(10)));
        return new EventSettings(
                targets,
                rules(targets.stream().map(Extension::name).collect(Collectors.toSet())),
                keys.number("flotilla.events.backlog", 100, 10_000_000),
                keys.number("flotilla.events.max-dead", 1, 1_000_000),
                keys.number("flotilla.events.queue", 100, 1_000_000),
                keys.duration("flotilla.events.patience", Duration.ofMillis(500)),
                attempts);
    }

    private List<EventRule> rules(Set<String> targets) {
        List<Config> given = keys.blocks(RULES);
        if (given.size() > MOST_RULES) {
            keys.note(RULES, "has " + given.size() + " rules; a node may have " + MOST_RULES);
            return List.of();
        }
        List<EventRule> rules = new ArrayList<>();
        for (Config each : given) {
            try {
                rules.add(rule(each, targets));
            } catch (IllegalArgumentException e) {
                keys.note(RULES, "has a rule that " + e.getMessage());
            } catch (com.typesafe.config.ConfigException e) {
                keys.note(RULES, "has a rule with a value that is missing or of the wrong kind");
            }
        }
        return rules;
    }

    private static EventRule rule(Config rule, Set<String> targets) {
        Set<String> others = new TreeSet<>(rule.root().keySet());
        others.removeAll(OF_RULE);
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("has the unknown key " + String.join(", ", others));
        }
        String target = rule.getString("target");
        if (!targets.contains(target)) {
            throw new IllegalArgumentException("names the target " + target + ", which " + TARGETS + " does not have");
        }
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (String name : rule.getStringList("events")) {
            if (name.equals(ALL)) {
                kinds.addAll(EventRule.allKinds());
            } else {
                kinds.add(EventKind.named(name)
                        .orElseThrow(() -> new IllegalArgumentException("names " + name + ", which is no event: "
                                + EventRule.allKinds().stream()
                                        .map(EventKind::text)
                                        .sorted()
                                        .collect(Collectors.joining(", ")))));
            }
        }
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("has no events");
        }
        return new EventRule(kinds, patterns(rule, "users"), patterns(rule, "paths"), target);
    }

    private static List<String> patterns(Config rule, String key) {
        List<String> patterns = rule.hasPath(key) ? rule.getStringList(key) : List.of();
        if (patterns.size() > MOST_PATTERNS || patterns.stream().anyMatch(text -> text.length() > LONGEST_PATTERN)) {
            throw new IllegalArgumentException(
                    "has more than " + MOST_PATTERNS + " " + key + ", or a pattern that is too long");
        }
        return patterns;
    }
}
