package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.admin.ControlPlane.Renewal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The routes about the certificate that the cluster gets from an authority (ACME). */
final class AcmeRoutes {
    private final Optional<Renewal> renewal;

    /** @param renewal empty when ACME is off */
    AcmeRoutes(Optional<Renewal> renewal) {
        this.renewal = renewal;
    }

    List<Route> routes() {
        return List.of(
                Route.get("acme", Set.of(), call -> status()),
                Route.change("POST", "acme", Set.of("forget"), "renew", call -> "certificate", this::renew)
                        .needing(Role.ADMINISTRATOR));
    }

    private Renewal on() {
        return renewal.orElseThrow(
                () -> new ApiException(409, "refused", "flotilla.tls.acme.enabled is off: no certificate is renewed"));
    }

    private CompletionStage<JsonNode> status() {
        return on().status().thenApply(status -> {
            ObjectNode json = Json.object();
            status.forEach(json::put);
            return json;
        });
    }

    private CompletionStage<JsonNode> renew(Call call) {
        on().begin(call.body().flagOr("forget", false));
        return CompletableFuture.completedFuture(Json.object().put("begun", true));
    }
}
