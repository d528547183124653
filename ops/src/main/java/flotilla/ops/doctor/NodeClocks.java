package flotilla.ops.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The clocks of the other nodes. Bans, tickets of TLS and expired accounts end by them, and logs are compared. */
final class NodeClocks implements Check {
    /** Milliseconds from which on a difference is told: a slow answer makes smaller ones. */
    private static final long TOLD = 1_000;

    private static final long BAD = 60_000;

    @Override
    public List<Outcome> look(Patient patient) throws Exception {
        Optional<AdminClient> server =
                AdminClient.forApi(patient.configuration().dataDir());
        return server.isEmpty() ? List.of() : outcomes(server.get().get("nodes"));
    }

    /** @param answer of {@code GET nodes} */
    static List<Outcome> outcomes(JsonNode answer) {
        List<Outcome> outcomes = new ArrayList<>();
        int others = 0;
        for (JsonNode node : answer.path("nodes")) {
            String name = node.path("name").asText();
            if (name.equals(answer.path("asked").asText()) || !node.has("clockSkewMillis")) {
                continue;
            }
            others++;
            long skew = node.path("clockSkewMillis").asLong();
            if (Math.abs(skew) >= TOLD) {
                String text = "The clock of " + name + " is " + Math.abs(skew) / 1000.0 + " s "
                        + (skew > 0 ? "ahead of" : "behind") + " this node's.";
                String remedy = "Install chrony or systemd-timesyncd on each node.";
                outcomes.add(Math.abs(skew) >= BAD ? Outcome.fail(text, remedy) : Outcome.warn(text, remedy));
            }
        }
        if (outcomes.isEmpty() && others > 0) {
            outcomes.add(Outcome.ok("The clocks of the other nodes agree with this one's."));
        }
        return outcomes;
    }
}
