package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.WriteStop;
import flotilla.cluster.WriteStop.Stop;
import flotilla.node.protocol.Names;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
                Route.get("read-only", Set.of(), this::find),
                Route.change("PUT", "read-only", Set.of("reason"), "read-only on", ReadOnlyRoutes::reason, this::stop)
                        .heeding(),
                Route.change("DELETE", "read-only", Set.of(), "read-only off", call -> "", this::lift)
                        .heeding());
    }

    private CompletionStage<JsonNode> find(Call call) {
        Optional<Stop> now = writing.find();
        call.details().version(tag(now));
        return CompletableFuture.completedFuture(state(now));
    }

    private static ObjectNode written(Optional<Stop> stop) {
        ObjectNode json = Json.object().put("on", stop.isPresent());
        json.put("reason", stop.map(Stop::reason).orElse(""));
        return json.put("since", stop.map(now -> now.since().toString()).orElse(""));
    }

    /** Returns the entity tag of the switch, which is always there. */
    private static String tag(Optional<Stop> stop) {
        return Conditions.tag(written(stop));
    }

    private JsonNode state(Optional<Stop> stop) {
        return written(stop).put("configured", configured.getAsBoolean());
    }

    private static String reason(Call call) {
        String reason = call.body().optional("reason").orElse("").strip();
        if (reason.length() > MAX_REASON || Names.hasControl(reason)) {
            throw ApiException.badRequest("reason must be one line of at most " + MAX_REASON + " characters");
        }
        return reason;
    }

    private CompletionStage<JsonNode> stop(Call call) {
        String reason = reason(call);
        Optional<Stop> before = writing.find();
        call.conditions().check(Optional.of(tag(before)));
        if (before.filter(stop -> stop.reason().equals(reason)).isPresent()) {
            return changed(call, before, before); // PUT again changes nothing
        }
        if (call.conditions().isEmpty()) {
            return writing.stop(reason).thenCompose(stop -> changed(call, before, Optional.of(stop)));
        }
        return replace(call, before, Optional.of(new Stop(reason, Instant.now().truncatedTo(ChronoUnit.SECONDS))));
    }

    private CompletionStage<JsonNode> lift(Call call) {
        Optional<Stop> before = writing.find();
        call.conditions().check(Optional.of(tag(before)));
        return call.conditions().isEmpty()
                ? writing.lift().thenCompose(lifted -> changed(call, before, Optional.empty()))
                : replace(call, before, Optional.empty());
    }

    private CompletionStage<JsonNode> replace(Call call, Optional<Stop> before, Optional<Stop> after) {
        return writing.replace(before, after).thenCompose(first -> {
            if (!first) {
                throw Conditions.overtaken();
            }
            return changed(call, before, after);
        });
    }

    private CompletionStage<JsonNode> changed(Call call, Optional<Stop> before, Optional<Stop> after) {
        call.details().before(written(before));
        call.details().after(written(after));
        return CompletableFuture.completedFuture(state(after));
    }
}
