package flotilla.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.cluster.Effective;
import flotilla.cluster.Group;
import flotilla.cluster.User;
import flotilla.ops.account.EffectiveText;
import flotilla.ops.account.UserJson;
import flotilla.ops.account.UserStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla user show}: all that an account says, apart from the hash of its password. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows an account, under the names of the options of add and set.",
        footer = {
            "  flotilla user show alice",
            "  flotilla user show alice --effective",
            "  flotilla user show alice --json"
        })
final class UserShowCommand extends UserCommand.Named {
    @Option(names = "--json", description = "Prints JSON, as the admin API does.")
    private boolean json;

    @Option(
            names = "--effective",
            description = "Shows what holds with the settings of the group, and where each value comes from.")
    private boolean effective;

    @Override
    void act(UserStore store) throws JsonProcessingException {
        User user = existing(store, name());
        if (effective) {
            Optional<Group> group =
                    user.group().isEmpty() ? Optional.empty() : store.groups().find(user.group());
            if (json) {
                print(Effective.account(user, group));
            } else {
                effective(user, group).print(out());
            }
        } else if (json) {
            print(user);
        } else {
            table(user).print(out());
        }
    }

    private void print(User user) throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        out().println(mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(UserJson.write(user, mapper.createObjectNode())));
    }

    private static List<SettingRows.Row> personal(User user, String state) {
        List<SettingRows.Row> rows = new ArrayList<>();
        Instant expires = user.expires();
        rows.add(new SettingRows.Row("", "NAME", user.name()));
        rows.add(new SettingRows.Row("", "state", state));
        rows.add(new SettingRows.Row("", "--home", user.home()));
        user.mounts().forEach(mount -> rows.add(new SettingRows.Row("", "--mount", MountValues.text(mount))));
        rows.add(new SettingRows.Row("", "--group", user.group().isEmpty() ? "none" : user.group()));
        rows.add(new SettingRows.Row("", "--expires", expires == null ? "never" : expires.toString()));
        rows.add(new SettingRows.Row("", "--admin", String.valueOf(user.admin())));
        user.certificates().forEach(certificate -> rows.add(new SettingRows.Row("", "--certificate", certificate)));
        return rows;
    }

    private static Table table(User user) {
        Table table = new Table("OPTION", "VALUE");
        personal(user, state(user, Instant.now())).forEach(row -> table.row(row.option(), row.value()));
        SettingRows.of(user).forEach(row -> table.row(row.option(), row.value()));
        return table;
    }

    private static Table effective(User own, Optional<Group> group) {
        User user = Effective.account(own, group);
        Map<String, Effective.Source> sources = Effective.sources(own, group);
        Table table = new Table("OPTION", "VALUE", "FROM");
        boolean lost = !own.group().isEmpty() && group.isEmpty();
        personal(own, lost ? "no such group" : state(own, Instant.now()))
                .forEach(row -> table.row(row.option(), row.value(), "user"));
        SettingRows.of(user).forEach(row -> {
            Effective.Source source = sources.getOrDefault(row.setting(), Effective.Source.DEFAULT);
            table.row(row.option(), row.value(), EffectiveText.of(source, own.group()));
        });
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
}
