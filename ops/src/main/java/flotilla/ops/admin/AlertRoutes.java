package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.alert.Alerts;
import flotilla.ops.alert.NoticeJson;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The routes about alerts. */
final class AlertRoutes {
    private final Alerts alerts;

    AlertRoutes(Alerts alerts) {
        this.alerts = alerts;
    }

    List<Route> routes() {
        return List.of(
                Route.get("alerts", Set.of(), call -> CompletableFuture.completedFuture(shown())),
                Route.change("POST", "alerts/*/test", Set.of(), "alert test", Call::name, this::test));
    }

    private JsonNode shown() {
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("alerts");
        alerts.firing().forEach(alert -> all.add(NoticeJson.of(alert)));
        json.set("targets", Json.texts(alerts.targets()));
        return json;
    }

    private CompletionStage<JsonNode> test(Call call) {
        return alerts.test(call.name()).handle((why, failure) -> {
            if (failure != null) {
                throw new CompletionException(ApiException.notFound("no target of alerts is named " + call.name()
                        + "; there are: " + String.join(", ", alerts.targets())));
            }
            return Json.object()
                    .put("target", call.name())
                    .put("told", why.isEmpty())
                    .put("reason", why.orElse(""));
        });
    }
}
