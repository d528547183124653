package flotilla.ops.cli;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.User;
import flotilla.ops.account.AccountImport;
import flotilla.ops.account.UserStore;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.Configuration;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Reads all accounts where they are. It makes no database. */
final class AccountsInPlace {
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

    /** Returns all bans that are kept; none when there is neither a server nor a database. */
    static List<Ban> bans(Configuration.Accounts place) {
        if (isMissing(place)) {
            return List.of();
        }
        try (UserStore store = open(place)) {
            return store.bans().list();
        }
    }

    private static boolean isMissing(Configuration.Accounts place) {
        return place.database().isEmbeddedIn(place.dataDir())
                && !Files.exists(place.dataDir().resolve("users.mv.db"))
                && AdminClient.forCommands(place.dataDir()).isEmpty();
    }
}
