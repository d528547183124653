package flotilla.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.Bans;
import flotilla.cluster.Bans.Ban;
import flotilla.ops.account.BanStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The kept bans of a running server. */
record RemoteBans(AdminClient server) implements BanStore {
    private static final String FOREVER = "forever";

    @Override
    public List<Ban> list() {
        List<Ban> bans = new ArrayList<>();
        String cursor = "";
        do {
            String path = "bans?limit=1000&cursor=" + AdminClient.encoded(cursor);
            JsonNode page = RemoteStore.asked(() -> server.ask("GET", path), 0, AdminClient.object());
            for (JsonNode ban : page.path("bans")) {
                if (ban.path("kept").asBoolean()) {
                    bans.add(new Ban(
                            ban.path("address").asText(),
                            until(ban.path("until").asText()),
                            ban.path("reason").asText()));
                }
            }
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty());
        return bans;
    }

    private static Instant until(String text) {
        return text.equals(FOREVER) ? Bans.FOREVER : Instant.parse(text);
    }

    @Override
    public void put(Ban ban) {
        String time = ban.until().equals(Bans.FOREVER)
                ? FOREVER
                : Duration.between(Instant.now(), ban.until()).plusSeconds(1).toString();
        RemoteStore.asked(
                () -> server.ask(
                        "POST",
                        "bans",
                        AdminClient.object()
                                .put("address", block(ban))
                                .put("for", time)
                                .put("reason", ban.reason())),
                0,
                AdminClient.object());
    }

    /** One client is kept only when it is named as a network. */
    private static String block(Ban ban) {
        return ban.block().contains("/") ? ban.block() : ban.block() + "/32";
    }
}
