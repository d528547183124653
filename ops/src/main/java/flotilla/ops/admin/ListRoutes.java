package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.node.NodeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The routes about the lists of the node that is asked: who may connect, and who may log in. They show the files as they
 * are now. The node reads a changed file by itself within seconds.
 */
final class ListRoutes {
    private static final int LONGEST_LINE = 4_096;

    private final Supplier<NodeSettings> settings;

    ListRoutes(Supplier<NodeSettings> settings) {
        this.settings = settings;
    }

    List<Route> routes() {
        return List.of(
                Route.get("lists", Set.of(), call -> all()).needing(Role.OPERATOR),
                Route.get("lists/*", Set.of("limit", "cursor"), this::lines).needing(Role.OPERATOR));
    }

    private Map<String, Path> files() {
        NodeSettings now = settings.get();
        Map<String, Path> files = new LinkedHashMap<>();
        now.access().allow().ifPresent(file -> files.put("access.allow", file));
        now.access().deny().ifPresent(file -> files.put("access.deny", file));
        now.login().userList().file().ifPresent(file -> files.put("login.user-list", file));
        return files;
    }

    private CompletionStage<JsonNode> all() {
        ObjectNode json = Json.object();
        ArrayNode array = json.putArray("lists");
        files().forEach((name, file) -> array.addObject().put("name", name).put("file", file.toString()));
        return CompletableFuture.completedFuture(json);
    }

    /** Refuses a file that the node would not read either. A line may be as long as the file. */
    private void requireSmall(Path file) {
        int most = Math.max(
                settings.get().access().maxBytes(),
                settings.get().login().userList().maxBytes());
        try {
            if (Files.size(file) > most) {
                throw new ApiException(409, "refused", file + " is larger than " + most + " bytes");
            }
        } catch (IOException e) {
            throw new ApiException(409, "refused", file + " cannot be read: " + e.getMessage());
        }
    }

    private CompletionStage<JsonNode> lines(Call call) {
        Path file = Optional.ofNullable(files().get(call.name()))
                .orElseThrow(() -> ApiException.notFound("there is no list " + call.name()));
        int limit = call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE);
        int before = call.number("cursor", 0, Integer.MAX_VALUE);
        ObjectNode json = Json.object().put("name", call.name()).put("file", file.toString());
        ArrayNode lines = json.putArray("lines");
        requireSmall(file);
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (number > before + limit) {
                    json.put("next", String.valueOf(before + limit));
                    break;
                }
                if (number > before) {
                    lines.add(line.substring(0, Math.min(line.length(), LONGEST_LINE)));
                }
            }
        } catch (IOException e) {
            throw new ApiException(409, "refused", file + " cannot be read: " + e.getMessage());
        }
        return CompletableFuture.completedFuture(json);
    }
}
