package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.WriteStop;
import flotilla.cluster.WriteStop.Stop;
import flotilla.node.protocol.Names;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** The routes about the switch that makes all nodes read-only. */
final class ReadOnlyRoutes {
    /** Most characters of a reason: it is a part of one reply line. */
    private static final int MAX_REASON = 200;

    private final WriteStop writing;
    private final BooleanSupplier configured;

    /** @param configured whether this node's configuration makes it read-only */
    ReadOnlyRoutes(WriteStop writing, BooleanSupplier configured) {
        this.writing = writing;
        this.configured = configured;
    }

    List<Route> routes() {
        return List.of(
                Route.get("read-only", Set.of(), call -> CompletableFuture.completedFuture(state(writing.find()))),
                Route.change("PUT", "read-only", Set.of("reason"), "read-only on", ReadOnlyRoutes::reason, this::stop),
                Route.change("DELETE", "read-only", Set.of(), "read-only off", call -> "", this::lift));
    }

    private JsonNode state(Optional<Stop> stop) {
        ObjectNode json = Json.object().put("on", stop.isPresent()).put("configured", configured.getAsBoolean());
        json.put("reason", stop.map(Stop::reason).orElse(""));
        return json.put("since", stop.map(now -> now.since().toString()).orElse(""));
    }

    private static String reason(Call call) {
        String reason = call.body().optional("reason").orElse("").strip();
        if (reason.length() > MAX_REASON || Names.hasControl(reason)) {
            throw ApiException.badRequest("reason must be one line of at most " + MAX_REASON + " characters");
        }
        return reason;
    }

    private CompletionStage<JsonNode> stop(Call call) {
        return writing.stop(reason(call)).thenApply(stop -> state(Optional.of(stop)));
    }

    private CompletionStage<JsonNode> lift(Call call) {
        return writing.lift().thenApply(lifted -> state(Optional.empty()));
    }
}
