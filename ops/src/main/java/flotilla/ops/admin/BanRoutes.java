package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Bans;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.Block;
import flotilla.cluster.ClusterNode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The routes about bans. Those of networks and those without an end are kept in the database. */
final class BanRoutes {
    static final String FOREVER = "forever";

    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final int LONGEST_REASON = 1_000;
    private static final Pattern HOST = Pattern.compile("@\\[?([0-9a-fA-F:.]+?)]?:[0-9]+$");

    private final ClusterNode cluster;

    BanRoutes(ClusterNode cluster) {
        this.cluster = cluster;
    }

    List<Route> routes() {
        return List.of(
                Route.get("bans", Set.of("limit", "cursor"), this::list),
                Route.change(
                        "POST",
                        "bans",
                        Set.of("address", "for", "reason"),
                        "ban",
                        call -> call.body().optional("address").orElse(""),
                        this::ban),
                Route.change("DELETE", "bans/*", Set.of(), "unban", Call::name, this::unban));
    }

    private CompletionStage<JsonNode> list(Call call) {
        int limit = call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE);
        String after = call.text("cursor");
        List<Ban> all = cluster.bans().list(Integer.MAX_VALUE);
        Set<String> kept = cluster.bans().kept().stream().map(Ban::block).collect(Collectors.toSet());
        List<Ban> behind = all.stream()
                .filter(ban -> ban.block().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        ObjectNode json = Json.object();
        ArrayNode bans = json.putArray("bans");
        behind.stream().limit(limit).forEach(ban -> bans.add(Json.ban(ban).put("kept", kept.contains(ban.block()))));
        json.put("total", all.size());
        if (behind.size() > limit) {
            json.put("next", behind.get(limit - 1).block());
        }
        return CompletableFuture.completedFuture(json);
    }

    private CompletionStage<JsonNode> ban(Call call) {
        String text = call.body().optional("address").orElseThrow(() -> ApiException.badRequest("address is missing"));
        Block block = block(text);
        String time = call.body().optional("for").orElse(USUAL.toString());
        String reason = call.body().optional("reason").orElse("by an operator");
        if (reason.length() > LONGEST_REASON) {
            throw ApiException.badRequest("reason has more than " + LONGEST_REASON + " characters");
        }
        Instant until = time.equals(FOREVER) ? Bans.FOREVER : Instant.now().plus(duration(time));
        boolean isKept = time.equals(FOREVER) || !block.isOneClient() || text.contains("/");
        CompletionStage<Optional<Ban>> made = isKept
                ? cluster.bans().keep(block, until, reason)
                : cluster.bans()
                        .ban(block.base(), duration(time), reason)
                        .thenApply(done -> Optional.of(new Ban(block.toString(), until, reason)));
        return made.thenApply(ban -> {
            ObjectNode json = Json.ban(ban.orElseThrow(() ->
                    new ApiException(409, "too-many", "There are as many kept bans as login.max-kept-bans allows")));
            json.put("kept", isKept);
            call.details().after(json.deepCopy());
            json.set("warnings", Json.texts(warnings(block)));
            return json;
        });
    }

    /** What an operator may not have meant: this machine's own look-ups, or nodes of the cluster. */
    private List<String> warnings(Block block) {
        List<String> warnings = new ArrayList<>();
        if (block.meets(Block.parse("127.0.0.0/8")) || block.meets(Block.parse("::1/128"))) {
            warnings.add("the ban covers loopback: flotilla probe and health checks on this machine are refused");
        }
        cluster.board().nodes().forEach(node -> {
            Matcher host = HOST.matcher(node.address());
            if (host.find() && block.contains(address(host.group(1)))) {
                warnings.add("the ban covers node " + node.name() + " at " + host.group(1));
            }
        });
        return warnings;
    }

    private static InetAddress address(String literal) {
        return Block.parse(literal + (literal.contains(":") ? "/128" : "/32")).base();
    }

    /**
     * Reads an address or a network.
     *
     * @throws ApiException status 400 for any other text
     */
    private static Block block(String text) {
        try {
            return Block.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(text + ": " + e.getMessage());
        }
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.toSeconds() >= 1 && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest("for must be a duration such as PT15M or P7D, or forever, not " + text);
        }
        throw ApiException.badRequest("for must be between a second and ten years, or forever");
    }

    private CompletionStage<JsonNode> unban(Call call) {
        String text = call.name();
        return cluster.bans().unban(block(text)).thenApply(lifted -> {
            if (!lifted) {
                throw ApiException.notFound(text + " is not banned");
            }
            call.details().before(Json.object().put("address", text));
            return Json.object().put("address", text);
        });
    }
}
