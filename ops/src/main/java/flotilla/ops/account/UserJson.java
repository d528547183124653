package flotilla.ops.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Effective;
import flotilla.cluster.Group;
import flotilla.cluster.MountPoint;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.Umask;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import flotilla.node.protocol.Encoding;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Accounts and groups as JSON. Reading refuses every other form. It accepts the hash of a password, which {@link #write} never
 * shows.
 */
public final class UserJson {
    private static final String HASH = "passwordHash";
    private static final String MOUNTS = "mounts";

    /** The keys of a group. */
    public static final Set<String> GROUP_FIELDS =
            Stream.concat(Stream.of("name"), Effective.SETTINGS.stream()).collect(Collectors.toUnmodifiableSet());

    private UserJson() {}

    /** Writes an account without the hash of its password. */
    public static ObjectNode write(User user, ObjectNode json) {
        json.put("name", user.name());
        json.put("home", user.home());
        ArrayNode mounts = json.putArray(MOUNTS);
        for (MountPoint mount : user.mounts()) {
            mounts.addObject()
                    .put("path", mount.path())
                    .put("place", mount.place())
                    .put("readOnly", mount.readOnly())
                    .put("quotaBytes", mount.quotaBytes())
                    .put("quotaFiles", mount.quotaFiles());
        }
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
        json.put("umask", user.umask());
        json.put("encoding", user.encoding());
        json.put("group", user.group());
        return json;
    }

    /** Writes an account with the hash of its password, if it has one. */
    public static ObjectNode writeWhole(User user, ObjectNode json) {
        return user.passwordHash().isEmpty()
                ? write(user, json)
                : write(user, json).put(HASH, user.passwordHash());
    }

    /**
     * Reads an account.
     *
     * @param hash hash of its password, if the JSON has none
     * @throws JsonException naming the key that is missing, wrong or unknown
     */
    public static User read(JsonObject json, String hash) {
        String expires = json.text("expires");
        User.Builder made = User.create(json.text("name"), json.optional(HASH).orElse(hash), json.text("home"))
                .change()
                .expires(expires.isEmpty() ? null : instant(expires))
                .enabled(json.flag("enabled"))
                .admin(json.flag("admin"))
                .certificates(json.texts("certificates"))
                .group(json.optional("group").orElse(""))
                .mounts(mounts(json));
        User user = settings(json, made).make();
        json.end();
        return user;
    }

    /** Whether the JSON of an account says what its mounts are. */
    public static boolean hasMounts(JsonObject json) {
        return json.has(MOUNTS);
    }

    private static List<MountPoint> mounts(JsonObject json) {
        if (!json.has(MOUNTS)) {
            return List.of();
        }
        List<MountPoint> mounts = json.objects(MOUNTS, UserJson::mount);
        MountPoint.problem(mounts).ifPresent(problem -> {
            throw new JsonException(MOUNTS + ": " + problem);
        });
        return mounts;
    }

    private static MountPoint mount(JsonObject json) {
        MountPoint mount = new MountPoint(
                json.text("path"),
                json.text("place"),
                json.flagOr("readOnly", false),
                json.numberOr("quotaBytes", Long.MAX_VALUE, 0),
                json.numberOr("quotaFiles", Long.MAX_VALUE, 0));
        json.end();
        return mount;
    }

    /** Writes a group. */
    public static ObjectNode write(Group group, ObjectNode json) {
        return write(group.settings(), json).retain(GROUP_FIELDS);
    }

    /**
     * Reads a group.
     *
     * @throws JsonException naming the key that is missing, wrong or unknown
     */
    public static Group readGroup(JsonObject json) {
        String name = json.text("name");
        Group group = new Group(
                name, settings(json, User.create(name, "", "/").change()).make());
        json.end();
        return group;
    }

    private static User.Builder settings(JsonObject json, User.Builder made) {
        return made.rules(json.objects("rules", UserJson::rule))
                .readOnly(json.flag("readOnly"))
                .allowedNetworks(json.texts("allowedNetworks"))
                .maxSessions((int) json.number("maxSessions", Integer.MAX_VALUE))
                .uploadBytesPerSecond(json.number("uploadBytesPerSecond", Long.MAX_VALUE))
                .downloadBytesPerSecond(json.number("downloadBytesPerSecond", Long.MAX_VALUE))
                .maxFileBytes(json.number("maxFileBytes", Long.MAX_VALUE))
                .quotaBytes(json.number("quotaBytes", Long.MAX_VALUE))
                .quotaFiles(json.number("quotaFiles", Long.MAX_VALUE))
                .tls(json.choice("tls", TlsRequirement.class))
                .leniencies(json.texts("leniencies"))
                .umask(umask(json.optional("umask").orElse("")))
                .encoding(encoding(json.optional("encoding").orElse("")));
    }

    private static String encoding(String text) {
        if (text.isEmpty()) {
            return text;
        }
        return Encoding.named(text)
                .map(Encoding::name)
                .orElseThrow(() -> new JsonException(
                        "encoding must be empty or a superset of ASCII such as ISO-8859-1, windows-1252 or Shift_JIS"));
    }

    private static String umask(String text) {
        if (text.isEmpty()) {
            return text;
        }
        return Umask.text(Umask.parse(text)
                .orElseThrow(() -> new JsonException("umask must be empty or octal, from 000 to 777, such as 022")));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new JsonException("expires must be empty or a time such as 2030-01-01T00:00:00Z");
        }
    }

    private static PathRule rule(JsonObject json) {
        PathRule rule = new PathRule(json.text("prefix"), json.choices("permissions", Permission.class));
        json.end();
        return rule;
    }
}
