package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Roll;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.ClusterOverview.Nodes;
import flotilla.node.overview.OverviewMessage.NodeView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The routes about the nodes that belong to the cluster. */
final class RollRoutes {
    private final Roll roll;
    private final ClusterOverview overview;

    RollRoutes(Roll roll, ClusterOverview overview) {
        this.roll = roll;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.get("cluster", Set.of(), call -> roll.all().thenCombine(overview.nodes(), RollRoutes::shown)),
                Route.change("DELETE", "cluster/*", Set.of(), "forget", Call::name, this::forget));
    }

    private static JsonNode shown(List<Roll.Entry> all, Nodes<NodeView> present) {
        Map<String, NodeView> views = new HashMap<>();
        present.answers().forEach(view -> views.put(view.node(), view));
        ObjectNode json = Json.object();
        ArrayNode nodes = json.putArray("nodes");
        int missing = 0;
        for (Roll.Entry entry : all) {
            NodeView view = views.remove(entry.name());
            String state = view != null
                    ? "member"
                    : present.incomplete().contains(entry.name()) ? "silent" : entry.inOrder() ? "stopped" : "missing";
            missing += state.equals("missing") || state.equals("silent") ? 1 : 0;
            nodes.addObject()
                    .put("name", entry.name())
                    .put("address", entry.address())
                    .put("state", state)
                    .put("since", (view == null ? entry.seen() : view.upSince()).toString());
        }
        views.values().forEach(view -> nodes.addObject() // not noted yet, or just forgotten
                .put("name", view.node())
                .put("address", view.address())
                .put("state", "member")
                .put("since", view.upSince().toString()));
        json.put("missing", missing);
        json.set("incomplete", Json.texts(present.incomplete()));
        return json;
    }

    private CompletionStage<JsonNode> forget(Call call) {
        return overview.nodes().thenCompose(present -> {
            if (present.answers().stream().anyMatch(view -> view.node().equals(call.name()))) {
                return CompletableFuture.failedFuture(
                        new ApiException(409, "refused", call.name() + " is a member: stop it first"));
            }
            return roll.forget(call.name()).thenApply(was -> {
                if (!was) {
                    throw ApiException.notFound("no node " + call.name() + " belongs to the cluster");
                }
                return Json.object().put("name", call.name());
            });
        });
    }
}
