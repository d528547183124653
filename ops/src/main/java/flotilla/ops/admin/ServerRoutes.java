package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.Overrides;
import flotilla.cluster.Traces;
import flotilla.node.FtpsNode;
import flotilla.node.Readiness;
import flotilla.node.overview.OverviewMessage.ConfigurationView;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The routes about the node that is asked: its status, its readiness, reload and traces. */
final class ServerRoutes {
    private static final Duration SHORTEST_TRACE = Duration.ofSeconds(1);
    private static final Duration LONGEST_TRACE = Duration.ofDays(365);

    private final FtpsNode node;
    private final ControlPlane.Operations operations;
    private final Traces traces;

    ServerRoutes(FtpsNode node, ControlPlane.Operations operations) {
        this.node = node;
        this.operations = operations;
        this.traces = node.cluster().traces();
    }

    List<Route> routes() {
        return List.of(
                Route.get("status", Set.of(), call -> CompletableFuture.completedFuture(status())),
                Route.get("ready", Set.of(), call -> CompletableFuture.completedFuture(ready(operations.readiness()))),
                Route.get(
                        "settings",
                        Set.of(),
                        call -> CompletableFuture.completedFuture(settings(
                                operations.configuration().view(),
                                node.cluster().overrides()))),
                Route.change("POST", "reload", Set.of(), "reload", call -> "", call -> reload()),
                Route.get("trace", Set.of(), call -> CompletableFuture.completedFuture(traced())),
                Route.change("POST", "trace", Set.of("for", "targets"), "trace", this::named, this::trace));
    }

    /** The routes for commands of this machine alone. */
    List<Route> forCommands() {
        return List.of(Route.change("PUT", "settings/*", Set.of("value"), "set", Call::name, this::restore)
                .needing(Role.ADMINISTRATOR));
    }

    /** Sets a key from a backup. This node alone looks at the value: the others may not be there yet. */
    private CompletionStage<JsonNode> restore(Call call) {
        String value = call.body().text("value");
        operations.configuration().refusal(call.name(), value, call.by()).ifPresent(why -> {
            throw new ApiException(409, "refused", why);
        });
        return node.cluster().overrides().set(call.name(), value, call.by()).thenApply(done -> Json.object()
                .put("key", call.name()));
    }

    private static JsonNode ready(Readiness readiness) {
        List<String> reasons = readiness.reasons();
        ObjectNode json = Json.object().put("ready", reasons.isEmpty());
        json.set("reasons", Json.texts(reasons));
        return json;
    }

    private static JsonNode settings(ConfigurationView view, Overrides overrides) {
        ObjectNode json = Json.object();
        ObjectNode set = json.putObject("set");
        overrides.all().forEach((key, value) -> set.putObject(key)
                .put("value", value.value())
                .put("since", value.since().toString())
                .put("by", value.by()));
        ArrayNode values = json.putArray("settings");
        view.settings().forEach(value -> values.addObject()
                .put("key", value.key())
                .put("value", value.value())
                .put("source", value.source()));
        json.set("pending", Json.texts(view.pending()));
        return json.put("refused", view.refused().orElse(""));
    }

    private JsonNode status() {
        ClusterNode cluster = node.cluster();
        ObjectNode json = Json.object()
                .put("connections", node.connections())
                .put("transfers", node.transfers())
                .put("digests", node.digests())
                .put("leases", cluster.passivePool().leased())
                .put("locks", cluster.uploadLocks().held())
                .put("sessions", cluster.sessions().size())
                .put("operations", cluster.operations())
                .put(
                        "read-only",
                        node.settings().session().readOnly()
                                        || cluster.writeStop().find().isPresent()
                                ? 1
                                : 0);
        operations.counts().get().forEach(json::put);
        return json;
    }

    private CompletionStage<JsonNode> reload() {
        try {
            Reload.Report report = operations.reload().perform();
            ObjectNode json = Json.object().put("reloaded", true);
            json.set(Requests.CHANGED, Json.texts(report.changed()));
            json.set("pending", Json.texts(report.pending()));
            return CompletableFuture.completedFuture(json);
        } catch (Reload.Refused problem) {
            throw new ApiException(409, "refused", String.valueOf(problem.getMessage()));
        }
    }

    private CompletionStage<JsonNode> trace(Call call) {
        Duration duration = duration(call.body().text("for"));
        Set<String> targets = targets(call);
        if (targets.size() > operations.maxTraced().getAsInt()) {
            throw ApiException.badRequest("at most " + operations.maxTraced().getAsInt()
                    + " can be traced at a time (flotilla.log.max-traced)");
        }
        return traces.follow(targets, duration).thenApply(done -> {
            ObjectNode json = Json.object();
            json.set("targets", Json.texts(List.copyOf(targets)));
            traces.list().values().stream().findFirst().ifPresent(until -> json.put("until", until.toString()));
            call.details().after(json.deepCopy());
            return json;
        });
    }

    private JsonNode traced() {
        ObjectNode json = Json.object();
        Map<String, Instant> all = traces.list();
        json.set("targets", Json.texts(all.keySet().stream().sorted().toList()));
        all.values().stream().findFirst().ifPresent(until -> json.put("until", until.toString()));
        return json;
    }

    private static Set<String> targets(Call call) {
        return call.body().texts("targets").stream()
                .filter(target -> !target.isBlank())
                .map(ServerRoutes::asLogged)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the targets for the audit log, at most as many as can be traced. */
    private String named(Call call) {
        return targets(call).stream().limit(operations.maxTraced().getAsInt()).collect(Collectors.joining(" "));
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(SHORTEST_TRACE) >= 0 && duration.compareTo(LONGEST_TRACE) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest("for must be a duration such as PT10M");
        }
        throw ApiException.badRequest(
                "a trace lasts for at least a second and at most " + LONGEST_TRACE.toDays() + " days");
    }

    /** Returns a target in the spelling that sessions use: an IPv6 address has many. */
    private static String asLogged(String target) {
        try {
            return target.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
                    ? InetAddress.getByName("[" + target + "]").getHostAddress()
                    : target;
        } catch (UnknownHostException noAddress) {
            return target;
        }
    }
}
