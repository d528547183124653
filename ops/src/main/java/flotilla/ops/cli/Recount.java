package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.AdminClient.Refused;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Polls a running server until it has counted a home. */
final class Recount {
    private static final long PAUSE_MILLIS = 200;

    private Recount() {}

    /**
     * Counts the home of a user. Blocks until the result is known.
     *
     * @return the result as lines for people
     * @throws Refused when it was not counted; the message states the reason
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
