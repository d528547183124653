package flotilla.ops.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.cluster.Group;
import flotilla.ops.account.UserJson;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Groups as JSON lines in an archive. */
public final class GroupLines {
    /** Name of the entry in an archive. */
    public static final String ENTRY = "groups.jsonl";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private GroupLines() {}

    static byte[] write(Collection<Group> groups) {
        StringBuilder lines = new StringBuilder();
        groups.forEach(group -> lines.append(UserJson.write(group, JsonNodeFactory.instance.objectNode()))
                .append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the groups of an archive.
     *
     * @throws IllegalStateException when one cannot be read
     */
    public static List<Group> read(byte[] lines) {
        List<Group> groups = new ArrayList<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
            try {
                groups.add(UserJson.readGroup(JsonObject.of(MAPPER.readTree(line), "a group")));
            } catch (IOException | JsonException | IllegalArgumentException e) {
                throw new IllegalStateException("a group of the archive cannot be restored: " + e.getMessage(), e);
            }
        }
        return groups;
    }
}
