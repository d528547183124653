package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.Limits;
import flotilla.cluster.User;
import flotilla.node.NodeSettings;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.ClusterOverview.Slots;
import flotilla.node.overview.ClusterOverview.Usage;
import flotilla.node.overview.OverviewMessage.LeasesHere;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The routes about state that nodes share: limits in use and leases of passive ports. */
final class ShareRoutes {
    private static final int FEW = 50;
    private static final int MANY = 100;

    private final ClusterNode cluster;
    private final Supplier<NodeSettings> settings;
    private final ClusterOverview overview;

    ShareRoutes(ClusterNode cluster, Supplier<NodeSettings> settings, ClusterOverview overview) {
        this.cluster = cluster;
        this.settings = settings;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.get("limits", Set.of("limit", "cursor"), this::limits),
                Route.get(
                        "leases",
                        Set.of("limit"),
                        call -> leases(call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE))));
    }

    private CompletionStage<JsonNode> limits(Call call) {
        return overview.usage(Cursor.parse(call.text("cursor")), call.number("limit", FEW, MANY))
                .thenCombine(cluster.limits().held(Limits.Key.TOTAL), this::withTotal)
                .thenCompose(stage -> stage);
    }

    private CompletionStage<JsonNode> withTotal(Usage usage, int total) {
        ObjectNode json = Json.object();
        json.putObject("total")
                .put("held", total)
                .put("sessions", usage.sessions())
                .put("max", settings.get().control().admission().maxSessions());
        json.put("maxPerUser", settings.get().login().maxSessionsPerUser());
        json.put("maxPerAddress", settings.get().control().admission().maxPerAddress());
        json.put("matched", usage.keys());
        ArrayNode users = json.putArray("users");
        ArrayNode addresses = json.putArray("addresses");
        usage.next().ifPresent(key -> json.put("next", Cursor.of(key)));
        json.set("incomplete", Json.texts(usage.incomplete()));
        return each(usage.slots(), users, addresses).thenApply(done -> json);
    }

    private CompletionStage<Integer> maxOf(Slots slots) {
        return slots.user()
                ? cluster.users().find(slots.name()).thenApply(this::maxOf)
                : CompletableFuture.completedFuture(
                        settings.get().control().admission().maxPerAddress());
    }

    private int maxOf(java.util.Optional<User> user) {
        int own = user.map(User::maxSessions).orElse(0);
        return own > 0 ? own : settings.get().login().maxSessionsPerUser();
    }

    /** Adds each row after the one before it, so that one answer causes no burst of requests to the cluster. */
    private CompletionStage<Void> each(List<Slots> all, ArrayNode users, ArrayNode addresses) {
        CompletionStage<Void> done = CompletableFuture.completedFuture(null);
        for (Slots slots : all) {
            done = done.thenCompose(before -> maxOf(slots)).thenAccept(max -> (slots.user() ? users : addresses)
                    .addObject()
                    .put("name", slots.name())
                    .put("held", slots.held())
                    .put("sessions", slots.sessions())
                    .put("max", max));
        }
        return done;
    }

    private CompletionStage<JsonNode> leases(int limit) {
        return overview.leases(limit).thenApply(nodes -> {
            ObjectNode json = Json.object();
            ArrayNode leases = json.putArray("leases");
            nodes.answers().stream()
                    .flatMap(here -> here.leases().stream())
                    .limit(limit)
                    .forEach(lease -> leases.addObject()
                            .put("port", lease.port())
                            .put("address", lease.client())
                            .put("session", lease.sessionId()));
            json.put(
                    "total",
                    nodes.answers().stream().mapToInt(LeasesHere::total).sum());
            json.set("incomplete", Json.texts(nodes.incomplete()));
            return json;
        });
    }
}
