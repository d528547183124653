package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.AdminClient.Refused;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Asks a running server again and again until it has counted a home. */
final class Recount {
    private static final long PAUSE_MILLIS = 200;

    private Recount() {}

    /**
     * Has the home of a user counted, and tells the result. Blocks.
     *
     * @throws Refused when it was not counted, saying why
     */
    static List<String> lines(AdminClient server, String user) throws Refused, InterruptedException {
        String path = "users/" + AdminClient.encoded(user) + "/recount";
        JsonNode answer = server.ask("POST", path);
        while (answer.path("state").asText().equals("counting")) {
            Thread.sleep(PAUSE_MILLIS);
            answer = server.ask("POST", path);
        }
        if (answer.path("state").asText().equals("no-quota")) {
            return List.of(
                    "User " + user + " has no quota, so nothing is counted: set --quota or --quota-files first.");
        }
        JsonNode counted = answer;
        return Stream.of("before", "after", "difference")
                .map(name -> line(name, counted.path(name)))
                .toList();
    }

    private static String line(String name, JsonNode usage) {
        return String.format(
                Locale.ROOT,
                "%-10s %20d bytes %12d files",
                name,
                usage.path("bytes").asLong(),
                usage.path("files").asLong());
    }
}
