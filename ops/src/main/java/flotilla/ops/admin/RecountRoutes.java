package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.RecountAnswer;
import flotilla.node.Recounts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The route that counts a home again. */
final class RecountRoutes {
    private final Recounts recounts;

    RecountRoutes(Recounts recounts) {
        this.recounts = recounts;
    }

    List<Route> routes() {
        // Clients repeat it until the home is counted, and it changes no account, so the audit log has no line of it.
        return List.of(Route.change("POST", "users/*/recount", Set.of(), "", Call::name, this::recount)
                .needing(Role.ADMINISTRATOR));
    }

    private CompletionStage<JsonNode> recount(Call call) {
        Optional<RecountAnswer> answer = recounts.ask(call.name());
        ObjectNode json = Json.object().put("name", call.name());
        return CompletableFuture.completedFuture(
                answer.isEmpty() ? json.put("state", "counting") : told(answer.get(), json));
    }

    private static JsonNode told(RecountAnswer answer, ObjectNode json) {
        String name = json.path("name").asText();
        if (answer instanceof RecountAnswer.Counted counted) {
            json.put("state", "counted");
            json.set("before", usage(counted.before()));
            json.set("after", usage(counted.after()));
            json.set("difference", usage(counted.difference()));
            return json;
        }
        if (answer instanceof RecountAnswer.NoQuota) {
            return json.put("state", "no-quota");
        }
        if (answer instanceof RecountAnswer.NoUser) {
            throw UserRoutes.missing(name);
        }
        if (answer instanceof RecountAnswer.Busy) {
            throw new ApiException(
                    409,
                    "busy",
                    "Files of " + name
                            + " were stored or removed each time while they were counted. Nothing is changed:"
                            + " try again when fewer uploads end.");
        }
        if (answer instanceof RecountAnswer.Full) {
            throw new ApiException(
                    503,
                    "busy",
                    "As many counts as flotilla.quota.recount-queue allows are under way. Nothing is changed: try again later.");
        }
        String why = answer instanceof RecountAnswer.Failed failed ? failed.why() : "";
        throw new ApiException(500, "failed", "The home of " + name + " was not counted, nothing is changed: " + why);
    }

    private static ObjectNode usage(Usage usage) {
        return Json.object().put("bytes", usage.bytes()).put("files", usage.files());
    }
}
