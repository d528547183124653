package flotilla.ops.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A ban as the pages show it.
 *
 * @param kept whether it is in the database
 */
public record BanRow(String address, String until, String reason, boolean kept) {
    static BanRow of(JsonNode ban) {
        String until = ban.path("until").asText();
        return new BanRow(
                ban.path("address").asText(),
                until.equals("forever") ? until : Text.time(Instant.parse(until)),
                ban.path("reason").asText(),
                ban.path("kept").asBoolean());
    }
}
