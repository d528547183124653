package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Overrides;
import flotilla.cluster.Overrides.Value;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.ClusterOverview.Nodes;
import flotilla.node.overview.OverviewMessage.ConfigurationHere;
import flotilla.node.overview.OverviewMessage.SettingView;
import flotilla.node.overview.OverviewMessage.Tried;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The routes about the settings of all nodes. */
final class SettingRoutes {
    private static final String ROOT = "flotilla.";

    private final Overrides overrides;
    private final ClusterOverview overview;

    SettingRoutes(Overrides overrides, ClusterOverview overview) {
        this.overrides = overrides;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.get("settings/*", Set.of(), this::setting),
                Route.change("PUT", "settings/*", Set.of("value"), "set", SettingRoutes::key, this::set)
                        .needing(Role.ADMINISTRATOR)
                        .heeding(),
                Route.change("DELETE", "settings/*", Set.of(), "unset", SettingRoutes::key, this::unset)
                        .needing(Role.ADMINISTRATOR)
                        .heeding(),
                Route.get("settings-diff", Set.of(), call -> overview.configurations()
                        .thenApply(SettingRoutes::difference)));
    }

    private static String key(Call call) {
        return call.name().startsWith(ROOT) ? call.name() : ROOT + call.name();
    }

    /** The value of a key on each node. */
    private CompletionStage<JsonNode> setting(Call call) {
        String key = key(call);
        Optional<Value> set = found(key);
        set.ifPresent(value -> call.details().version(tag(value)));
        return overview.configurations().thenApply(nodes -> {
            ObjectNode json = Json.object().put("key", key);
            ObjectNode values = json.putObject("nodes");
            nodes.answers().forEach(here -> here.view().settings().stream()
                    .filter(value -> value.key().equals(key))
                    .forEach(value -> values.putObject(here.node())
                            .put("value", value.value())
                            .put("source", value.source())));
            if (values.isEmpty() && nodes.incomplete().isEmpty()) {
                throw ApiException.notFound("no node knows the key " + key);
            }
            set.ifPresent(value -> json.set("set", shown(value)));
            json.set("incomplete", Json.texts(nodes.incomplete()));
            return json;
        });
    }

    private Optional<Value> found(String key) {
        return Optional.ofNullable(overrides.all().get(key));
    }

    private static ObjectNode shown(Value value) {
        return Json.object()
                .put("value", value.value())
                .put("since", value.since().toString())
                .put("by", value.by());
    }

    /** Returns the entity tag of the value that is set for all nodes, whatever the nodes' own files say. */
    private static String tag(Value value) {
        return Conditions.tag(shown(value));
    }

    private CompletionStage<JsonNode> set(Call call) {
        String key = key(call);
        String value = call.body().text("value");
        if (value.length() > Overrides.MAX_VALUE) {
            throw ApiException.badRequest("a value has at most " + Overrides.MAX_VALUE + " characters");
        }
        if (!overrides.all().containsKey(key) && overrides.all().size() >= Overrides.MAX_KEYS) {
            throw ApiException.badRequest("at most " + Overrides.MAX_KEYS + " keys can be set for all nodes");
        }
        Optional<Value> before = found(key);
        call.conditions().check(before.map(SettingRoutes::tag));
        return overview.trySetting(key, value, call.by()).thenCompose(nodes -> {
            refuse(nodes);
            return store(call, key, before, value).thenApply(set -> {
                before.ifPresent(old -> call.details().before(shown(old)));
                call.details().after(shown(set));
                ObjectNode json = Json.object().put("key", key).put("value", value);
                json.put("since", set.since().toString()).put("by", set.by());
                json.set("incomplete", Json.texts(nodes.incomplete()));
                return json;
            });
        });
    }

    private CompletionStage<Value> store(Call call, String key, Optional<Value> before, String value) {
        return call.conditions().isEmpty()
                ? overrides.set(key, value, call.by())
                : overrides
                        .setIf(key, before, value, call.by())
                        .thenApply(set -> set.orElseThrow(Conditions::overtaken));
    }

    private CompletionStage<JsonNode> unset(Call call) {
        String key = key(call);
        Optional<Value> before = found(key);
        call.conditions().check(before.map(SettingRoutes::tag));
        return overview.tryUnset(key).thenCompose(nodes -> {
            refuse(nodes);
            boolean isAny = call.conditions().isEmpty() || before.isEmpty();
            return (isAny ? overrides.unset(key) : overrides.unsetIf(key, before.get())).thenApply(was -> {
                if (!was) {
                    throw isAny ? ApiException.notFound(key + " is not set for all nodes") : Conditions.overtaken();
                }
                before.ifPresent(old -> call.details().before(shown(old)));
                return Json.object().put("key", key);
            });
        });
    }

    /** One node that cannot take a value is enough: all nodes have the same values, or none has. */
    private static void refuse(Nodes<Tried> nodes) {
        Map<String, List<String>> why = nodes.answers().stream()
                .filter(tried -> tried.refused().isPresent())
                .collect(Collectors.groupingBy(
                        tried -> tried.refused().orElse(""),
                        TreeMap::new,
                        Collectors.mapping(Tried::node, Collectors.toList())));
        if (!why.isEmpty()) {
            String text = why.entrySet().stream()
                    .map(one -> (one.getValue().size() == nodes.answers().size()
                                    ? ""
                                    : String.join(", ", one.getValue()) + ": ")
                            + one.getKey())
                    .collect(Collectors.joining("\n"));
            throw new ApiException(409, "refused", text);
        }
    }

    /** The keys whose values differ between nodes, and the changes that a node has not taken. */
    static JsonNode difference(Nodes<ConfigurationHere> nodes) {
        Map<String, Map<String, String>> byKey = new TreeMap<>();
        for (ConfigurationHere here : nodes.answers()) {
            for (SettingView value : here.view().settings()) {
                byKey.computeIfAbsent(value.key(), key -> new TreeMap<>()).put(here.node(), value.value());
            }
        }
        ObjectNode json = Json.object();
        json.set(
                "nodes",
                Json.texts(nodes.answers().stream().map(ConfigurationHere::node).toList()));
        ArrayNode keys = json.putArray("keys");
        byKey.forEach((key, values) -> {
            if (values.size() < nodes.answers().size() || new TreeSet<>(values.values()).size() > 1) {
                ObjectNode of = keys.addObject().put("key", key).putObject("values");
                values.forEach(of::put);
            }
        });
        ObjectNode pending = json.putObject("pending");
        ObjectNode refused = json.putObject("refused");
        for (ConfigurationHere here : nodes.answers()) {
            if (!here.view().pending().isEmpty()) {
                pending.set(here.node(), Json.texts(here.view().pending()));
            }
            here.view().refused().ifPresent(text -> refused.put(here.node(), text));
        }
        json.set("incomplete", Json.texts(nodes.incomplete()));
        return json;
    }
}
