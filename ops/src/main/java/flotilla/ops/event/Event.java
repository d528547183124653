package flotilla.ops.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Outbox;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An event.
 *
 * @param id unique; made where it happened
 * @param user empty for none
 * @param path virtual path; empty for none
 * @param source virtual path before a rename, or of the file that was copied; empty for none
 * @param places names of files in the storage, for the order; at most two
 * @param data further facts by name: texts, numbers and truth values
 */
record Event(
        String id,
        EventKind kind,
        Instant time,
        String user,
        String path,
        String source,
        List<String> places,
        Map<String, Object> data) {
    static final String TYPE_PREFIX = "flotilla.";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_TEXT = 4_200;

    Event {
        places = List.copyOf(places);
        data = Map.copyOf(data);
    }

    /** An event of now without files. */
    static Event of(EventKind kind, String user, Map<String, Object> data) {
        return new Event(UUID.randomUUID().toString(), kind, Instant.now(), user, "", "", List.of(), data);
    }

    /** The name of the type of CloudEvents. */
    String type() {
        return TYPE_PREFIX + kind.text();
    }

    /** The row of the outbox for a target. */
    Outbox.Row row(String target, String node) {
        return new Outbox.Row(
                id,
                target,
                type(),
                places.stream().map(Event::digest).distinct().toList(),
                json(node));
    }

    /**
     * The event in JSON, in the structured form of CloudEvents 1.0 (section 3.2 of its HTTP binding).
     *
     * @param node name of the node that tells it
     */
    String json(String node) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("specversion", "1.0");
        json.put("id", id);
        json.put("source", "/flotilla/" + node);
        json.put("type", type());
        json.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
        if (!path.isEmpty()) {
            json.put("subject", cut(path));
        }
        json.put("datacontenttype", "application/json");
        ObjectNode facts = json.putObject("data");
        facts.put("node", node);
        put(facts, "user", user);
        put(facts, "path", path);
        put(facts, "source", source);
        new TreeMap<>(data).forEach((name, value) -> facts.putPOJO(name, value instanceof String s ? cut(s) : value));
        return json.toString();
    }

    private static void put(ObjectNode facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, cut(value));
        }
    }

    /** A path is shorter; PostgreSQL takes no text with the character 0, but JSON writes it in another way. */
    private static String cut(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
    }

    private static String digest(String place) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(place.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
