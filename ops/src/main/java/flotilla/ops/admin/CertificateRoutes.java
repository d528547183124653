package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.admin.ControlPlane.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The route about the certificates of the node that is asked, and how long they are valid. */
final class CertificateRoutes {
    private final Supplier<List<Certificate>> certificates;

    /** @param certificates reads them; may block */
    CertificateRoutes(Supplier<List<Certificate>> certificates) {
        this.certificates = certificates;
    }

    List<Route> routes() {
        return List.of(Route.get("certificates", Set.of(), call -> all()));
    }

    /** As many as the configuration names, the first to expire first. */
    private CompletionStage<JsonNode> all() {
        Instant now = Instant.now();
        ObjectNode json = Json.object();
        ArrayNode array = json.putArray("certificates");
        certificates.get().stream()
                .sorted(Comparator.comparing(Certificate::end))
                .forEach(one -> array.addObject()
                        .put("name", one.name())
                        .put("use", one.use())
                        .put("serial", one.serial())
                        .put("end", one.end().toString())
                        .put("daysLeft", Duration.between(now, one.end()).toDays()));
        return CompletableFuture.completedFuture(json);
    }
}
