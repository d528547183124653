package flotilla.ops.config;

import flotilla.node.access.AccessRules;
import flotilla.node.access.ListProblem;
import flotilla.node.access.UserList;
import java.nio.file.Path;
import java.util.Optional;

/** The keys that name lists in files. */
final class AccessKeys {
    private static final int MOST_BYTES = 1 << 30;

    private final Keys keys;

    AccessKeys(Keys keys) {
        this.keys = keys;
    }

    UserList.Settings userList() {
        String key = "flotilla.login.user-list.file";
        UserList.Mode mode = keys.choice("flotilla.login.user-list.mode", UserList.Mode.class);
        UserList.Settings settings = new UserList.Settings(
                mode, file(key), (int) keys.bytes("flotilla.login.user-list.max-bytes", 1, MOST_BYTES));
        if (mode != UserList.Mode.OFF && settings.file().isEmpty()) {
            keys.note(key, "is needed while flotilla.login.user-list.mode is not off");
        }
        try {
            UserList.open(settings);
        } catch (ListProblem problem) {
            keys.note(key, String.valueOf(problem.getMessage()));
        }
        return settings;
    }

    AccessRules.Settings addresses() {
        AccessRules.Settings settings =
                new AccessRules.Settings(file("flotilla.access.allow"), file("flotilla.access.deny"), (int)
                        keys.bytes("flotilla.access.max-bytes", 1, MOST_BYTES));
        check(
                "flotilla.access.allow",
                new AccessRules.Settings(settings.allow(), Optional.empty(), settings.maxBytes()));
        check("flotilla.access.deny", new AccessRules.Settings(Optional.empty(), settings.deny(), settings.maxBytes()));
        return settings;
    }

    private void check(String key, AccessRules.Settings one) {
        try {
            AccessRules.open(one, leftOut -> {});
        } catch (ListProblem problem) {
            keys.note(key, String.valueOf(problem.getMessage()));
        }
    }

    private Optional<Path> file(String key) {
        String text = keys.text(key);
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
    }
}
