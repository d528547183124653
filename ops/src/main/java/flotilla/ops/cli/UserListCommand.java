package flotilla.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.cluster.User;
import flotilla.ops.account.UserJson;
import flotilla.ops.account.UserStore;
import flotilla.ops.log.LogText;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla user list}: a line for each account. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists accounts: name, state, whether SITE WHO is allowed, and home.",
        footer = {"  flotilla user list", "  flotilla user list --json"})
final class UserListCommand extends UserCommand.Base {
    private static final int PAGE = 500;

    @Option(
            names = "--json",
            description =
                    "Prints a list of accounts, as the admin API does, with the state of each: enabled, disabled or"
                            + " expired.")
    private boolean json;

    @Override
    void act(UserStore store) throws JsonProcessingException {
        String after = "";
        List<User> page = store.list(after, PAGE); // a failure prints no heading
        heading();
        String separator = "";
        for (; !page.isEmpty(); page = store.list(after, PAGE)) {
            for (User user : page) {
                line(user, separator);
                separator = ",";
            }
            after = page.get(page.size() - 1).name();
        }
        if (json) {
            out().println("\n]");
        }
    }

    private void heading() {
        if (json) {
            out().print("[");
        } else {
            out().printf(Locale.ROOT, "%-24s %-9s %-6s %s%n", "NAME", "STATE", "ADMIN", "HOME");
        }
    }

    private void line(User user, String separator) throws JsonProcessingException {
        String state = UserShowCommand.state(user, Instant.now());
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            out().print(separator + "\n  "
                    + mapper.writeValueAsString(
                            UserJson.write(user, mapper.createObjectNode()).put("state", state)));
            return;
        }
        out().printf(
                        Locale.ROOT,
                        "%-24s %-9s %-6s %s%n",
                        LogText.shown(user.name()),
                        state,
                        user.admin() ? "yes" : "",
                        LogText.shown(user.home()));
    }
}
