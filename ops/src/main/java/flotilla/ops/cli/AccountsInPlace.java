package flotilla.ops.cli;

import flotilla.cluster.Group;
import flotilla.cluster.User;
import flotilla.ops.account.AccountImport;
import flotilla.ops.account.UserStore;
import flotilla.ops.backup.DatabaseContent;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.Configuration;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads all accounts where they are. It makes no database. */
final class AccountsInPlace {
    private static final int PAGE = 1000;

    private AccountsInPlace() {}

    static UserStore open(Configuration.Accounts place) {
        return UserStores.open(place.dataDir(), place.database(), place.audit());
    }

    /** Returns all accounts by name; none when there is neither a server nor a database. */
    static Map<String, User> read(Configuration.Accounts place) {
        if (isMissing(place)) {
            return Map.of();
        }
        try (UserStore store = open(place)) {
            return AccountImport.all(store);
        }
    }

    /** Returns what a backup takes; nothing when there is neither a server nor a database. */
    static DatabaseContent content(Configuration.Accounts place) {
        if (isMissing(place)) {
            return DatabaseContent.NONE;
        }
        try (UserStore store = open(place)) {
            return new DatabaseContent(
                    List.copyOf(AccountImport.all(store).values()),
                    groups(store),
                    store.bans().list(),
                    store.settings().all());
        }
    }

    private static List<Group> groups(UserStore store) {
        List<Group> all = new ArrayList<>();
        List<Group> page;
        do {
            page = store.groups()
                    .list(all.isEmpty() ? "" : all.get(all.size() - 1).name(), PAGE);
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    private static boolean isMissing(Configuration.Accounts place) {
        return place.database().isEmbeddedIn(place.dataDir())
                && !Files.exists(place.dataDir().resolve("users.mv.db"))
                && AdminClient.forCommands(place.dataDir()).isEmpty();
    }
}
