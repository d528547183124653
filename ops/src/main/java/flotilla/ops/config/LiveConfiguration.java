package flotilla.ops.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import flotilla.cluster.Overrides;
import flotilla.ops.config.LiveKeys.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The configuration of a running server: that of its start, with the keys that have changed since and can change while
 * it runs. Safe for many threads.
 */
public final class LiveConfiguration {
    private final Sources sources;
    private final Config started;
    private volatile State now;

    /**
     * A configuration that may come into force.
     *
     * @param configuration what it says
     * @param values the value of each key, and where it was given
     * @param changed the keys whose values differ from those in force, by name
     * @param pending the keys that the sources give another value, which needs a restart, by name
     * @param own what the sources say
     * @param merged all values, with secrets
     */
    public record State(
            Configuration configuration,
            List<EffectiveValue> values,
            List<String> changed,
            List<String> pending,
            Config own,
            Config merged) {
        public State {
            values = List.copyOf(values);
            changed = List.copyOf(changed);
            pending = List.copyOf(pending);
        }
    }

    private LiveConfiguration(Sources sources, Config started, State now) {
        this.sources = sources;
        this.started = started;
        this.now = now;
    }

    /**
     * Reads the configuration with which a server starts.
     *
     * @param overrides the values that hold on every node; those that this release cannot take are left out
     * @throws ConfigException with all problems that were found
     */
    public static LiveConfiguration start(Sources sources, Map<String, Overrides.Value> overrides)
            throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        Config own = sources.merged(problems);
        Config merged = new ConfigSource(problems).above(own, usable(overrides));
        Configuration configuration = Configuration.read(merged, problems);
        State state = new State(configuration, EffectiveValue.of(merged), List.of(), List.of(), own, merged);
        return new LiveConfiguration(sources, merged, state);
    }

    /** Returns the state in force. */
    public State now() {
        return now;
    }

    /** Puts a state of {@link #next} in force. */
    public void accept(State state) {
        now = state;
    }

    /**
     * Reads all sources again. Keys that need a restart keep the values of the start. Nothing changes before
     * {@link #accept}.
     *
     * @throws ConfigException with all problems that were found
     */
    public State reload(Map<String, Overrides.Value> overrides) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        return next(sources.merged(problems), false, overrides, problems);
    }

    /**
     * Takes other values for all nodes. The sources are not read: somebody may be writing the file.
     *
     * @throws ConfigException with all problems that were found
     */
    public State next(Map<String, Overrides.Value> overrides) throws ConfigException {
        return next(now.own(), true, overrides, new ArrayList<>());
    }

    private State next(
            Config own, boolean isRunning, Map<String, Overrides.Value> overrides, List<ConfigProblem> problems)
            throws ConfigException {
        Config whole = new ConfigSource(problems).above(own, usable(overrides));
        Configuration.read(new Keys(whole, problems, isRunning), problems);
        Config merged = whole;
        TreeSet<String> pending = new TreeSet<>();
        for (String key : keys(whole, started)) {
            if (LiveKeys.of(key) == Effect.RESTART && !value(whole, key).equals(value(started, key))) {
                pending.add(key);
                merged = asStarted(merged, place(key));
            }
        }
        Configuration configuration = Configuration.read(new Keys(merged, problems, isRunning), problems);
        List<String> changed = changed(now.merged(), merged);
        return new State(configuration, EffectiveValue.of(merged), changed, List.copyOf(pending), own, merged);
    }

    private Config asStarted(Config merged, String place) {
        return started.hasPathOrNull(place)
                ? merged.withValue(place, started.getValue(place))
                : merged.withoutPath(place);
    }

    /** Returns the key, or the block of named things that it belongs to: a part of a thing is none. */
    private static String place(String key) {
        return ExtensionKeys.NAMED.stream()
                .filter(named -> key.startsWith(named + "."))
                .findFirst()
                .orElse(key);
    }

    /**
     * Returns why this server would not take a value of a key for all nodes; empty when it would.
     *
     * @param key full name
     */
    public Optional<String> refusal(Map<String, Overrides.Value> overrides, String key, Overrides.Value value) {
        try {
            return problem(overrides, key, value);
        } catch (RuntimeException e) { // such as a path with a byte 0, or a substitution that leads nowhere
            return Optional.of(key + ": cannot be used: " + e.getMessage());
        }
    }

    /**
     * Returns why this server could not go on without the value that a key has for all nodes; empty when it could, or
     * when it cannot go on with it either.
     */
    public Optional<String> refusalToUnset(Map<String, Overrides.Value> overrides, String key) {
        Map<String, Overrides.Value> without = new TreeMap<>(overrides);
        without.remove(key);
        Optional<String> problem = problem(without);
        return problem.isPresent() && problem(overrides).isPresent() ? Optional.empty() : problem;
    }

    private Optional<String> problem(Map<String, Overrides.Value> overrides, String key, Overrides.Value value) {
        Optional<String> unknown = new ConfigSource(new ArrayList<>()).unknown(key);
        if (unknown.isPresent()) {
            return unknown;
        }
        if (LiveKeys.of(key) != Effect.LIVE) {
            return Optional.of(key
                    + (LiveKeys.of(key) == Effect.RELOAD
                            ? " belongs to each node: change it in the configuration of each node, and reload"
                            : " cannot change while a node runs: change it in the configuration of each node, and"
                                    + " restart one node after the other"));
        }
        Map<String, Overrides.Value> all = new TreeMap<>(overrides);
        all.put(key, value);
        return problem(all);
    }

    private Optional<String> problem(Map<String, Overrides.Value> all) {
        try {
            next(all);
            return Optional.empty();
        } catch (ConfigException problem) {
            return Optional.of(problem.problems().stream()
                    .map(one -> one.where().startsWith(ConfigSource.OVERRIDE)
                            ? one.key() + ": " + one.text()
                            : one.toString())
                    .collect(Collectors.joining("\n")));
        }
    }

    /** Returns the values that this release can take. A newer one may know more keys. */
    private static Map<String, Overrides.Value> usable(Map<String, Overrides.Value> overrides) {
        Map<String, Overrides.Value> usable = new TreeMap<>(overrides);
        usable.keySet().removeAll(leftOut(overrides));
        return usable;
    }

    /** Returns the keys of values for all nodes that this release cannot take. */
    public static List<String> leftOut(Map<String, Overrides.Value> overrides) {
        ConfigSource known = new ConfigSource(new ArrayList<>());
        return overrides.keySet().stream()
                .filter(key ->
                        LiveKeys.of(key) != Effect.LIVE || known.unknown(key).isPresent())
                .sorted()
                .toList();
    }

    private static List<String> changed(Config before, Config after) {
        return keys(before, after).stream()
                .filter(key -> !value(before, key).equals(value(after, key)))
                .toList();
    }

    private static Set<String> keys(Config one, Config other) {
        TreeSet<String> keys = new TreeSet<>();
        one.entrySet().forEach(entry -> keys.add(entry.getKey()));
        other.entrySet().forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    /** Returns the value without its origin: a line that moved is no change. */
    private static Optional<Object> value(Config config, String key) {
        ConfigValue value = config.hasPath(key) ? config.getValue(key) : null;
        return Optional.ofNullable(value).map(ConfigValue::unwrapped);
    }
}
