package flotilla.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.cluster.PathRule;
import flotilla.cluster.User;
import flotilla.ops.account.UserJson;
import flotilla.ops.account.UserStore;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla user show}: all that an account says, apart from the hash of its password. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows an account, under the names of the options of add and set.",
        footer = {"  flotilla user show alice", "  flotilla user show alice --json"})
final class UserShowCommand extends UserCommand.Named {
    @Option(names = "--json", description = "Prints JSON, as the admin API does.")
    private boolean json;

    @Override
    void act(UserStore store) throws JsonProcessingException {
        User user = existing(store, name());
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            out().println(mapper.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(UserJson.write(user, mapper.createObjectNode())));
        } else {
            table(user).print(out());
        }
    }

    private static Table table(User user) {
        Table table = new Table("OPTION", "VALUE");
        table.row("NAME", user.name());
        table.row("state", state(user, Instant.now()));
        table.row("--home", user.home());
        user.rules().forEach(rule -> table.row("--allow", rule(rule)));
        table.row("--read-only", String.valueOf(user.readOnly()));
        table.row("--network", user.allowedNetworks().isEmpty() ? "any" : String.join(" ", user.allowedNetworks()));
        table.row("--max-sessions", limit(user.maxSessions(), "the server's limit"));
        table.row("--upload-rate", limit(user.uploadBytesPerSecond(), "no limit"));
        table.row("--download-rate", limit(user.downloadBytesPerSecond(), "no limit"));
        table.row("--max-file-size", limit(user.maxFileBytes(), "no limit"));
        table.row("--quota", limit(user.quotaBytes(), "no limit"));
        table.row("--quota-files", limit(user.quotaFiles(), "no limit"));
        table.row("--expires", user.expires() == null ? "never" : user.expires().toString());
        table.row("--tls", user.tls().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        table.row("--admin", String.valueOf(user.admin()));
        user.certificates().forEach(certificate -> table.row("--certificate", certificate));
        table.row("--umask", user.umask().isEmpty() ? "default" : user.umask());
        user.leniencies().forEach(leniency -> table.row("leniency", leniency));
        return table;
    }

    /** Returns whether the user can log in: enabled, disabled or expired. */
    static String state(User user, Instant now) {
        if (!user.enabled()) {
            return "disabled";
        }
        Instant end = user.expires();
        return end != null && !now.isBefore(end) ? "expired" : "enabled";
    }

    private static String rule(PathRule rule) {
        return rule.prefix() + "="
                + rule.permissions().stream()
                        .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(","));
    }

    private static String limit(long value, String none) {
        return value == 0 ? "0 (" + none + ")" : String.valueOf(value);
    }
}
