package flotilla.ops.top;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks the API for what the screen shows: a page of sessions, the nodes, and a few causes. Used by one thread. */
final class TopFeed {
    private static final int CAUSES = 6;
    private static final double NANOS = 1e9;

    private final AdminClient api;
    private String from = "";
    private long bytesIn;
    private long bytesOut;
    private long asked;

    TopFeed(AdminClient api) {
        this.api = api;
    }

    TopData next(TopQuery query, TopData before) {
        try {
            JsonNode page = api.get(query.path());
            JsonNode nodes = api.get("nodes");
            JsonNode stats = api.get("stats?since=PT15M&by=cause&limit=" + CAUSES);
            long now = System.nanoTime();
            JsonNode totals = stats.path("totals");
            // Another first minute means other sums: the rates of the look before hold on.
            boolean comparable = stats.path("from").asText().equals(from);
            double seconds = Math.max(1, now - asked) / NANOS;
            long in = totals.path("bytesIn").asLong();
            long out = totals.path("bytesOut").asLong();
            TopData data = new TopData(
                    list(page.path("sessions")),
                    page.path("matched").asInt(),
                    list(nodes.path("nodes")),
                    list(stats.path("rows")),
                    comparable ? (long) (Math.max(0, in - bytesIn) / seconds) : before.in(),
                    comparable ? (long) (Math.max(0, out - bytesOut) / seconds) : before.out(),
                    texts(nodes.path("incomplete")),
                    "");
            from = stats.path("from").asText();
            bytesIn = in;
            bytesOut = out;
            asked = now;
            return data;
        } catch (AdminClient.Refused | IOException e) {
            return before.failed(String.valueOf(e.getMessage()));
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    private static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(text -> all.add(text.asText()));
        return all;
    }
}
