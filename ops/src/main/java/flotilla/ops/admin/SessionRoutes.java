package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Freezes;
import flotilla.cluster.ShortIds;
import flotilla.node.overview.AfterDrain;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.ClusterOverview.Outcome;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.SessionQuery;
import flotilla.node.overview.SessionQuery.Sort;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The routes about sessions and nodes, to list and to control them. */
final class SessionRoutes {
    static final int PAGE = 100;
    static final int MAX_PAGE = 1_000;

    private static final Set<String> STATES = Set.of("", "connecting", "idle", "transferring");
    private static final String KICKED = "Your session was ended by an operator.";

    private final ClusterOverview overview;
    private final String asked;
    private final Freezes freezes;

    /**
     * @param asked name of this node
     * @param freezes what is frozen
     */
    SessionRoutes(ClusterOverview overview, String asked, Freezes freezes) {
        this.asked = asked;
        this.freezes = freezes;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                        "sessions",
                        Set.of("user", "address", "node", "state", "sort", "limit", "cursor"),
                        call -> sessions(query(call))),
                Route.get("sessions/*", Set.of(), call -> session(call.name())),
                Route.change("POST", "sessions/*/kick", Set.of("reason"), "kick", Call::name, this::kick),
                Route.get("nodes", Set.of(), call -> nodes()),
                Route.change("POST", "nodes/*/drain", Set.of("then"), "drain", Call::name, this::drain),
                Route.change(
                        "POST",
                        "nodes/*/undrain",
                        Set.of(),
                        "undrain",
                        Call::name,
                        call -> steered(call.name(), "take work again", overview.undrain(call.name()))));
    }

    static SessionQuery query(Call call) {
        String sort = call.text("sort").isEmpty() ? "since" : call.text("sort");
        boolean descending = sort.startsWith("-");
        String name = (descending ? sort.substring(1) : sort).toUpperCase(Locale.ROOT);
        Sort by = Arrays.stream(Sort.values())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> ApiException.badRequest(
                                "sort must be one of since, user, address, node, active, bytes, rate, perhaps with - before it"));
        if (!STATES.contains(call.text("state"))) {
            throw ApiException.badRequest("state must be connecting, idle or transferring");
        }
        String address = call.text("address").isEmpty()
                ? ""
                : Addresses.parse(call.text("address")).getHostAddress();
        return new SessionQuery(
                call.text("user"),
                address,
                call.text("node"),
                call.text("state"),
                List.of(),
                by,
                descending,
                Cursor.parse(call.text("cursor")),
                call.number("limit", PAGE, MAX_PAGE));
    }

    private CompletionStage<JsonNode> sessions(SessionQuery query) {
        return overview.sessions(query).thenApply(page -> {
            Instant now = Instant.now();
            ObjectNode json = Json.object();
            ArrayNode sessions = json.putArray("sessions");
            page.sessions().forEach(view -> sessions.add(session(view, now)));
            json.put("matched", page.matched());
            page.next().ifPresent(next -> json.put("next", Cursor.of(next)));
            json.set("incomplete", Json.texts(page.incomplete()));
            return json;
        });
    }

    /** Every node knows all freezes, so none needs to be asked. */
    private ObjectNode session(SessionView view, Instant now) {
        ObjectNode json = Json.session(view, now);
        json.put("short", ShortIds.of(view.id()));
        if (!view.user().isEmpty()) {
            freezes.find(view.id(), view.user(), Addresses.parse(view.client().replaceFirst("%.*", "")))
                    .ifPresent(freeze -> json.set("frozen", FreezeRoutes.json(freeze)));
        }
        return json;
    }

    private CompletionStage<JsonNode> session(String id) {
        return overview.session(id).thenApply(page -> {
            if (page.sessions().isEmpty()) {
                throw missing("session", id, page.incomplete());
            }
            return session(page.sessions().get(0), Instant.now());
        });
    }

    private CompletionStage<JsonNode> kick(Call call) {
        String id = call.name();
        String reason = call.body()
                .optional("reason")
                .map(text -> text.replaceAll("\\p{Cntrl}", " ").strip())
                .filter(text -> !text.isEmpty())
                .orElse(KICKED);
        call.details().after(Json.object().put("reason", reason));
        return overview.kick(id, reason).thenApply(outcome -> done("session", id, outcome));
    }

    private CompletionStage<JsonNode> nodes() {
        long asking = System.currentTimeMillis();
        return overview.nodes().thenApply(nodes -> {
            long between = asking + (System.currentTimeMillis() - asking) / 2;
            ObjectNode json = Json.object().put("asked", asked);
            ArrayNode array = json.putArray("nodes");
            nodes.answers().forEach(view -> {
                ObjectNode node = Json.node(view);
                if (view.clockMillis() != 0) {
                    node.put("clockSkewMillis", view.clockMillis() - between);
                }
                array.add(node);
            });
            json.set("incomplete", Json.texts(nodes.incomplete()));
            return json;
        });
    }

    private CompletionStage<JsonNode> drain(Call call) {
        String then = call.body().optional("then").orElse("end");
        call.details().after(Json.object().put("then", then));
        AfterDrain after =
                switch (then) {
                    case "end" -> AfterDrain.END;
                    case "stay" -> AfterDrain.STAY;
                    case "restart" -> AfterDrain.RESTART;
                    default -> throw ApiException.badRequest("then must be end, stay or restart");
                };
        return steered(call.name(), "drain", overview.drain(call.name(), after));
    }

    private CompletionStage<JsonNode> steered(String node, String what, CompletionStage<Outcome> order) {
        return order.thenApply(outcome -> {
            outcome.refused().ifPresent(why -> {
                throw new ApiException(409, "refused", node + " cannot " + what + ": " + why);
            });
            return done("node", node, outcome);
        });
    }

    private static JsonNode done(String kind, String name, Outcome outcome) {
        if (!outcome.isDone()) {
            throw missing(kind, name, outcome.incomplete());
        }
        ObjectNode json = Json.object();
        json.put(kind, name);
        json.put("by", outcome.node());
        return json;
    }

    /** Returns the error for an unknown name. If some nodes did not answer, the object may be there. */
    static ApiException missing(String kind, String name, List<String> incomplete) {
        return incomplete.isEmpty()
                ? ApiException.notFound("there is no " + kind + " " + name)
                : new ApiException(
                        504,
                        "incomplete",
                        "no node that answered has the " + kind + " " + name + "; silent: "
                                + String.join(", ", incomplete));
    }
}
