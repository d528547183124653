package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Outbox;
import flotilla.ops.event.EventTarget;
import flotilla.ops.event.Events;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The routes about events for programs outside. */
final class EventRoutes {
    private static final String WAITING = "waiting";
    private static final String DEAD = "dead";
    private static final int LONGEST_ID = 64;

    private final Events events;

    EventRoutes(Events events) {
        this.events = events;
    }

    List<Route> routes() {
        return List.of(
                Route.get("events", Set.of("state", "limit", "cursor"), this::list),
                Route.get(
                        "event-targets",
                        Set.of(),
                        call -> CompletableFuture.completedFuture(
                                Json.object().set("targets", Json.texts(List.copyOf(events.targets()))))),
                Route.change(
                        "POST",
                        "events/resend",
                        Set.of("id"),
                        "resend-events",
                        call -> call.body().optional("id").orElse("all"),
                        this::resend),
                Route.change("DELETE", "events/*", Set.of(), "forget-event", Call::name, this::forget),
                Route.change("POST", "event-targets/*/test", Set.of(), "test-event", Call::name, this::test));
    }

    private CompletionStage<JsonNode> list(Call call) {
        int limit = call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE);
        String state = call.text("state").isEmpty() ? WAITING : call.text("state");
        if (!state.equals(WAITING) && !state.equals(DEAD)) {
            throw ApiException.badRequest("state must be waiting or dead");
        }
        return events.outbox()
                .list(state.equals(DEAD), after(call.text("cursor")), limit + 1)
                .thenCombine(events.outbox().counts(), (found, counts) -> {
                    ObjectNode json = Json.object();
                    ArrayNode rows = json.putArray("events");
                    found.stream().limit(limit).forEach(entry -> rows.add(row(entry)));
                    json.put(WAITING, counts.waiting()).put(DEAD, counts.dead());
                    if (found.size() > limit) {
                        json.put("next", Long.toString(found.get(limit - 1).sequence()));
                    }
                    return json;
                });
    }

    private static long after(String cursor) {
        try {
            return cursor.isEmpty() ? 0 : Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("cursor is none that an answer gave");
        }
    }

    private static ObjectNode row(Outbox.Entry entry) {
        ObjectNode json = Json.object()
                .put("id", entry.id())
                .put("target", entry.target())
                .put("type", entry.type())
                .put("attempts", entry.attempts())
                .put("problem", entry.problem())
                .put("event", entry.payload());
        if (!entry.dead() && entry.nextAt() > 0) {
            json.put("next", Instant.ofEpochMilli(entry.nextAt()).toString());
        }
        return json;
    }

    private CompletionStage<JsonNode> resend(Call call) {
        Optional<String> id = call.body().optional("id");
        return events.outbox().revive(id).thenApply(number -> {
            if (id.isPresent() && number == 0) {
                throw ApiException.notFound("no dead event has the id " + id.get());
            }
            events.wake();
            return Json.object().put("events", number);
        });
    }

    private CompletionStage<JsonNode> forget(Call call) {
        String id = call.name();
        if (id.length() > LONGEST_ID) {
            throw ApiException.notFound("no event has such an id");
        }
        return events.outbox().forget(id).thenApply(number -> {
            if (number == 0) {
                throw ApiException.notFound("no dead event has the id " + id);
            }
            return Json.object().put("id", id);
        });
    }

    private CompletionStage<JsonNode> test(Call call) {
        String target = call.name();
        if (!events.targets().contains(target)) {
            throw ApiException.notFound("there is no target " + target);
        }
        return events.test(target).thenApply(EventRoutes::answer);
    }

    private static JsonNode answer(EventTarget.Answer answer) {
        return Json.object().put("accepted", answer.accepted()).put("answer", answer.text());
    }
}
