package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.ShortIds;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.ClusterOverview.Page;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.SessionQuery;
import flotilla.node.overview.SessionQuery.Sort;
import flotilla.node.overview.SessionQuery.SortKey;
import flotilla.node.refusal.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The route about refusals: what was refused, why, and who holds what was full. */
final class RefusalRoutes {
    private static final int USUAL = 20;
    private static final int MOST = 500;
    private static final int LONGEST = 300;
    /** Most limits whose holders are looked up for one answer, and most holders of each. */
    private static final int LOOKED_UP = 5;

    private static final int HOLDERS = 10;

    private final ClusterOverview overview;

    RefusalRoutes(ClusterOverview overview) {
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(Route.get("refusals", Set.of("about", "limit"), this::list));
    }

    private CompletionStage<JsonNode> list(Call call) {
        String about = call.text("about");
        if (about.length() > LONGEST) {
            throw ApiException.badRequest("about has more than " + LONGEST + " characters");
        }
        return overview.refusals(about, call.number("limit", USUAL, MOST))
                .thenCompose(found -> holders(found.answers()).thenApply(holders -> {
                    ObjectNode json = Json.object();
                    ArrayNode refusals = json.putArray("refusals");
                    found.answers().forEach(refusal -> refusals.add(refusal(refusal, holders)));
                    json.set("incomplete", Json.texts(found.incomplete()));
                    return json;
                }));
    }

    private static ObjectNode refusal(Refusal refusal, Map<SessionQuery, Page> holders) {
        RefusalText.Explained explained = RefusalText.of(refusal);
        ObjectNode json = Json.object();
        json.put("time", refusal.time().toString());
        json.put("node", refusal.node());
        json.put("cause", refusal.cause());
        json.put("user", refusal.user());
        json.put("address", refusal.address());
        json.put("session", refusal.session());
        json.put("what", refusal.what());
        json.put("detail", refusal.detail());
        json.put("code", refusal.code());
        json.put("says", explained.says());
        json.put("help", explained.help());
        held(refusal).map(holders::get).ifPresent(page -> {
            ArrayNode array = json.putArray("holders");
            page.sessions().forEach(view -> array.add(holder(view)));
            json.put("held", page.matched());
        });
        return json;
    }

    private static ObjectNode holder(SessionView view) {
        ObjectNode json = Json.object();
        json.put("session", view.id());
        json.put("short", ShortIds.of(view.id()));
        json.put("user", view.user());
        json.put("address", view.client());
        json.put("since", view.since().toString());
        json.put("state", view.state());
        return json;
    }

    /** Returns the sessions that hold what was full, oldest first. */
    private CompletionStage<Map<SessionQuery, Page>> holders(List<Refusal> refusals) {
        CompletionStage<Map<SessionQuery, Page>> all = CompletableFuture.completedFuture(new LinkedHashMap<>());
        List<SessionQuery> wanted = refusals.stream()
                .flatMap(refusal -> held(refusal).stream())
                .distinct()
                .limit(LOOKED_UP)
                .toList();
        for (SessionQuery query : wanted) {
            all = all.thenCombine(overview.sessions(query), (found, page) -> {
                found.put(query, page);
                return found;
            });
        }
        return all;
    }

    private static Optional<SessionQuery> held(Refusal refusal) {
        return switch (refusal.cause()) {
            case "login-too-many-sessions" -> Optional.of(sessions(refusal.user(), "", ""));
            case "refused-address-sessions", "refused-unauthenticated" ->
                Optional.of(sessions("", refusal.address(), ""));
            case "refused-node-sessions" -> Optional.of(sessions("", "", refusal.node()));
            case "refused-total-sessions" -> Optional.of(sessions("", "", ""));
            default -> Optional.empty();
        };
    }

    private static SessionQuery sessions(String user, String address, String node) {
        return new SessionQuery(user, address, node, "", List.of(), Sort.SINCE, false, SortKey.START, HOLDERS);
    }
}
