package flotilla.ops.local;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Accounts as JSON, for the way between command line and server. What is not exactly that is refused. */
final class UserJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private UserJson() {}

    static String write(List<User> users) {
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode array = json.putArray("users");
        users.forEach(user -> write(user, array.addObject()));
        return json.toString();
    }

    /** @throws RefusedException saying what is wrong with it */
    static List<User> read(String json) throws RefusedException {
        JsonObject all = JsonObject.of(tree(json), "the body");
        List<User> users = all.objects("users", UserJson::user);
        all.end();
        return users;
    }

    private static JsonNode tree(String json) throws RefusedException {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw RefusedException.badRequest("the body is not JSON");
        }
    }

    private static void write(User user, ObjectNode json) {
        json.put("name", user.name());
        json.put("passwordHash", user.passwordHash());
        json.put("home", user.home());
        ArrayNode rules = json.putArray("rules");
        for (PathRule rule : user.rules()) {
            ArrayNode permissions =
                    rules.addObject().put("prefix", rule.prefix()).putArray("permissions");
            rule.permissions().stream().map(Enum::name).sorted().forEach(permissions::add);
        }
        json.put("readOnly", user.readOnly());
        user.allowedNetworks().forEach(json.putArray("allowedNetworks")::add);
        json.put("maxSessions", user.maxSessions());
        json.put("uploadBytesPerSecond", user.uploadBytesPerSecond());
        json.put("downloadBytesPerSecond", user.downloadBytesPerSecond());
        json.put("maxFileBytes", user.maxFileBytes());
        json.put("quotaBytes", user.quotaBytes());
        json.put("quotaFiles", user.quotaFiles());
        Instant expires = user.expires();
        json.put("expires", expires == null ? "" : expires.toString());
        json.put("enabled", user.enabled());
        json.put("tls", user.tls().name());
        json.put("admin", user.admin());
        user.certificates().forEach(json.putArray("certificates")::add);
        user.leniencies().forEach(json.putArray("leniencies")::add);
    }

    private static User user(JsonObject json) throws RefusedException {
        String expires = json.text("expires");
        User user = new User(
                json.text("name"),
                json.text("passwordHash"),
                json.text("home"),
                json.objects("rules", UserJson::rule),
                json.flag("readOnly"),
                json.texts("allowedNetworks"),
                (int) json.number("maxSessions", Integer.MAX_VALUE),
                json.number("uploadBytesPerSecond", Long.MAX_VALUE),
                json.number("downloadBytesPerSecond", Long.MAX_VALUE),
                json.number("maxFileBytes", Long.MAX_VALUE),
                json.number("quotaBytes", Long.MAX_VALUE),
                json.number("quotaFiles", Long.MAX_VALUE),
                expires.isEmpty() ? null : instant(expires),
                json.flag("enabled"),
                json.choice("tls", TlsRequirement.class),
                json.flag("admin"),
                json.texts("certificates"),
                json.texts("leniencies"));
        json.end();
        return user;
    }

    private static Instant instant(String text) throws RefusedException {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw RefusedException.badRequest("expires must be empty or a time such as 2030-01-01T00:00:00Z");
        }
    }

    private static PathRule rule(JsonObject json) throws RefusedException {
        PathRule rule = new PathRule(json.text("prefix"), json.choices("permissions", Permission.class));
        json.end();
        return rule;
    }
}
