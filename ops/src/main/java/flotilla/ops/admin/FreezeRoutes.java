package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Block;
import flotilla.cluster.Freezes;
import flotilla.cluster.Freezes.Freeze;
import flotilla.cluster.Freezes.Kind;
import flotilla.cluster.ShortIds;
import flotilla.node.NodeSettings.ViewSettings;
import flotilla.node.overview.ClusterOverview;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The routes about frozen sessions, users and addresses. */
final class FreezeRoutes {
    private static final int LONGEST_REASON = 1_000;
    private static final int LONGEST_NAME = 300;

    private final Freezes freezes;
    private final ClusterOverview overview;
    private final Supplier<ViewSettings> settings;

    /** @param settings the settings in force */
    FreezeRoutes(Freezes freezes, ClusterOverview overview, Supplier<ViewSettings> settings) {
        this.freezes = freezes;
        this.overview = overview;
        this.settings = settings;
    }

    List<Route> routes() {
        return List.of(
                Route.get("freezes", Set.of(), call -> CompletableFuture.completedFuture(list())),
                Route.change(
                        "PUT", "freezes/*/*", Set.of("for", "reason"), "freeze", FreezeRoutes::named, this::freeze),
                Route.change("DELETE", "freezes/*/*", Set.of(), "thaw", FreezeRoutes::named, this::thaw));
    }

    private static String named(Call call) {
        return String.join(":", call.path());
    }

    private JsonNode list() {
        ObjectNode json = Json.object();
        ArrayNode array = json.putArray("freezes");
        freezes.list().forEach(freeze -> array.add(json(freeze)));
        return json;
    }

    static ObjectNode json(Freeze freeze) {
        ObjectNode json = Json.object();
        json.put("kind", freeze.kind().name().toLowerCase(Locale.ROOT));
        json.put("name", freeze.name());
        json.put("until", freeze.until().toString());
        json.put("reason", freeze.reason());
        json.put("by", freeze.by());
        return json;
    }

    private CompletionStage<JsonNode> freeze(Call call) {
        Kind kind = kind(call);
        Duration duration = call.body()
                .optional("for")
                .map(this::duration)
                .orElse(settings.get().freeze());
        String reason = call.body().optional("reason").orElse("");
        if (reason.length() > LONGEST_REASON) {
            throw ApiException.badRequest("reason has more than " + LONGEST_REASON + " characters");
        }
        return name(kind, call.path().get(1))
                .thenCompose(name -> freezes.freeze(kind, name, duration, reason, call.by()))
                .thenApply(made -> {
                    ObjectNode json = json(made.orElseThrow(() -> new ApiException(
                            409, "too-many", "there are " + Freezes.MOST + " freezes already, thaw some first")));
                    call.details().after(json);
                    return json;
                });
    }

    private CompletionStage<JsonNode> thaw(Call call) {
        Kind kind = kind(call);
        String given = call.path().get(1);
        CompletionStage<String> name =
                kind == Kind.SESSION ? CompletableFuture.completedFuture(frozen(given)) : name(kind, given);
        return name.thenCompose(whole -> {
            Optional<Freeze> before = freezes.list().stream()
                    .filter(freeze -> freeze.kind() == kind && freeze.name().equals(whole))
                    .findFirst();
            return freezes.thaw(kind, whole).thenApply(thawed -> {
                if (!thawed) {
                    throw ApiException.notFound(given + " is not frozen");
                }
                before.ifPresent(freeze -> call.details().before(json(freeze)));
                return Json.object()
                        .put("kind", kind.name().toLowerCase(Locale.ROOT))
                        .put("name", whole);
            });
        });
    }

    /** Returns the whole id of a frozen session, which may have ended. */
    private String frozen(String given) {
        return freezes.list().stream()
                .filter(freeze -> freeze.kind() == Kind.SESSION && ShortIds.isOf(given, freeze.name()))
                .map(Freeze::name)
                .findFirst()
                .orElse(given);
    }

    private static Kind kind(Call call) {
        return switch (call.path().get(0)) {
            case "session" -> Kind.SESSION;
            case "user" -> Kind.USER;
            case "address" -> Kind.ADDRESS;
            default -> throw ApiException.badRequest("freezes/KIND/NAME: KIND must be session, user or address");
        };
    }

    /** Returns the name under which a freeze holds: the whole id of a session that exists, or an address block. */
    private CompletionStage<String> name(Kind kind, String given) {
        if (given.isEmpty() || given.length() > LONGEST_NAME) {
            throw ApiException.badRequest("a name has 1 to " + LONGEST_NAME + " characters");
        }
        return switch (kind) {
            case SESSION ->
                overview.session(given).thenApply(page -> page.sessions().stream()
                        .findFirst()
                        .orElseThrow(() -> SessionRoutes.missing("session", given, page.incomplete()))
                        .id());
            case USER -> CompletableFuture.completedFuture(given);
            case ADDRESS -> CompletableFuture.completedFuture(block(given));
        };
    }

    private static String block(String text) {
        try {
            return Block.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(text + ": " + e.getMessage());
        }
    }

    private Duration duration(String text) {
        Duration longest = settings.get().longestFreeze();
        try {
            Duration duration = Duration.parse(text);
            if (duration.toSeconds() >= 1 && duration.compareTo(longest) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest("for must be a duration such as PT15M, not " + text);
        }
        throw ApiException.badRequest("for must be between a second and " + longest + " (view.longest-freeze)");
    }
}
