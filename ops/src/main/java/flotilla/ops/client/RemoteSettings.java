package flotilla.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.Overrides;
import flotilla.ops.account.SettingStore;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The values of keys that hold on every node, through the running server. */
public final class RemoteSettings implements SettingStore {
    private final AdminClient server;

    /** Asks a server of this machine. */
    public RemoteSettings(AdminClient server) {
        this.server = server;
    }

    @Override
    public Map<String, Overrides.Value> all() {
        JsonNode answer = RemoteStore.asked(() -> server.ask("GET", "settings"), 0, AdminClient.object());
        Map<String, Overrides.Value> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> one : answer.path("set").properties()) {
            JsonNode value = one.getValue();
            all.put(
                    one.getKey(),
                    new Overrides.Value(
                            value.path("value").asText(),
                            Instant.parse(value.path("since").asText()),
                            value.path("by").asText()));
        }
        return all;
    }

    @Override
    public void put(String key, Overrides.Value value) {
        boolean unused = RemoteStore.asked(
                () -> server.ask(
                                "PUT",
                                "settings/" + AdminClient.encoded(key),
                                AdminClient.object().put("value", value.value()))
                        .isObject(),
                0,
                false);
    }
}
