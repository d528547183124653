package flotilla.ops.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Accounts as JSON, for the way between command line and server. */
final class UserJson {
    private UserJson() {}

    static String write(List<User> users) {
        return ConfigValueFactory.fromMap(
                        Map.of("users", users.stream().map(UserJson::map).toList()))
                .render(ConfigRenderOptions.concise());
    }

    static List<User> read(String json) {
        return ConfigFactory.parseString(json).getConfigList("users").stream()
                .map(UserJson::user)
                .toList();
    }

    private static Map<String, Object> map(User user) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", user.name());
        map.put("passwordHash", user.passwordHash());
        map.put("home", user.home());
        map.put("rules", user.rules().stream().map(UserJson::rule).toList());
        map.put("readOnly", user.readOnly());
        map.put("allowedNetworks", user.allowedNetworks());
        map.put("maxSessions", user.maxSessions());
        map.put("uploadBytesPerSecond", user.uploadBytesPerSecond());
        map.put("downloadBytesPerSecond", user.downloadBytesPerSecond());
        map.put("maxFileBytes", user.maxFileBytes());
        map.put("quotaBytes", user.quotaBytes());
        map.put("quotaFiles", user.quotaFiles());
        Instant expires = user.expires();
        map.put("expires", expires == null ? "" : expires.toString());
        map.put("enabled", user.enabled());
        map.put("tls", user.tls().name());
        map.put("admin", user.admin());
        map.put("certificates", user.certificates());
        return map;
    }

    private static Map<String, Object> rule(PathRule rule) {
        Map<String, Object> map = new HashMap<>();
        map.put("prefix", rule.prefix());
        map.put(
                "permissions",
                rule.permissions().stream().map(Enum::name).sorted().toList());
        return map;
    }

    private static User user(Config json) {
        String expires = json.getString("expires");
        return new User(
                json.getString("name"),
                json.getString("passwordHash"),
                json.getString("home"),
                json.getConfigList("rules").stream().map(UserJson::rule).toList(),
                json.getBoolean("readOnly"),
                json.getStringList("allowedNetworks"),
                json.getInt("maxSessions"),
                json.getLong("uploadBytesPerSecond"),
                json.getLong("downloadBytesPerSecond"),
                json.getLong("maxFileBytes"),
                json.getLong("quotaBytes"),
                json.getLong("quotaFiles"),
                expires.isEmpty() ? null : Instant.parse(expires),
                json.getBoolean("enabled"),
                TlsRequirement.valueOf(json.getString("tls")),
                json.getBoolean("admin"),
                json.getStringList("certificates"));
    }

    private static PathRule rule(Config json) {
        return new PathRule(
                json.getString("prefix"),
                json.getStringList("permissions").stream()
                        .map(Permission::valueOf)
                        .collect(Collectors.toSet()));
    }
}
