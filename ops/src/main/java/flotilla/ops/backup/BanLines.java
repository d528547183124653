package flotilla.ops.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.Block;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Bans as JSON lines in an archive. */
public final class BanLines {
    /** Name of the entry in an archive. */
    public static final String ENTRY = "bans.jsonl";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private BanLines() {}

    static byte[] write(Collection<Ban> bans) {
        StringBuilder lines = new StringBuilder();
        bans.forEach(ban -> lines.append(JsonNodeFactory.instance
                        .objectNode()
                        .put("address", ban.block())
                        .put("until", ban.until().toString())
                        .put("reason", ban.reason()))
                .append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the bans of an archive that have not ended.
     *
     * @throws IllegalStateException when one cannot be read
     */
    public static List<Ban> read(byte[] lines) {
        List<Ban> bans = new ArrayList<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
            try {
                JsonObject json = JsonObject.of(MAPPER.readTree(line), "a ban");
                Ban ban = new Ban(
                        Block.parse(json.text("address")).toString(),
                        Instant.parse(json.text("until")),
                        json.text("reason"));
                json.end();
                if (ban.until().isAfter(Instant.now())) {
                    bans.add(ban);
                }
            } catch (IOException | JsonException | DateTimeException | IllegalArgumentException e) {
                throw new IllegalStateException("a ban of the archive cannot be restored: " + e.getMessage(), e);
            }
        }
        return bans;
    }
}
