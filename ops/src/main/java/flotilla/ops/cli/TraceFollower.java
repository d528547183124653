package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.ShortIds;
import flotilla.ops.client.AdminClient;
import flotilla.ops.log.LogText;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;

/** Prints the lines of a trace of all nodes as they come, until the trace ends. */
final class TraceFollower {
    private static final long LOOK_MILLIS = 500;

    private final AdminClient api;
    private final List<String> targets;
    private final PrintWriter out;

    /** @param targets users, addresses and sessions whose lines are printed */
    TraceFollower(AdminClient api, List<String> targets, PrintWriter out) {
        this.api = api;
        this.targets = List.copyOf(targets);
        this.out = out;
    }

    /**
     * Follows until the end.
     *
     * @param begin from where on
     */
    void follow(String begin, Instant until) throws AdminClient.Refused, IOException, InterruptedException {
        String cursor = begin;
        boolean goesOn = true;
        while (goesOn) {
            goesOn = Instant.now().isBefore(until);
            JsonNode answer = api.get("trace/lines?cursor=" + cursor);
            answer.path("lines").forEach(this::print);
            out.flush();
            cursor = answer.path("cursor").asText();
            goesOn &= answer.has("until");
            if (goesOn) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
        out.println("the trace has ended");
        out.flush();
    }

    /** Returns where the trace of all nodes stands. */
    static String now(AdminClient api) throws AdminClient.Refused, IOException {
        return api.get("trace/lines").path("cursor").asText();
    }

    private void print(JsonNode line) {
        String session = line.path("session").asText();
        boolean isWanted = targets.stream()
                .anyMatch(target -> target.equals(line.path("user").asText())
                        || target.equals(line.path("address").asText())
                        || ShortIds.isOf(target, session));
        if (isWanted) {
            out.println(line.path("time").asText() + " " + line.path("node").asText() + " " + ShortIds.of(session) + " "
                    + LogText.shown(line.path("user").asText()) + " "
                    + line.path("address").asText() + "  "
                    + LogText.shown(line.path("request").asText()) + " -> "
                    + line.path("code").asText() + " "
                    + LogText.shown(line.path("reply").asText()));
        }
    }
}
