package flotilla.ops.cli;

import flotilla.cluster.User;
import flotilla.ops.account.AccountImport;
import flotilla.ops.account.UserStore;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.Configuration;
import java.nio.file.Files;
import java.util.Map;

/** Reads all accounts where they are. It makes no database. */
final class AccountsInPlace {
    private AccountsInPlace() {}

    static UserStore open(Configuration.Accounts place) {
        return UserStores.open(place.dataDir(), place.database(), place.audit());
    }

    /** Returns all accounts by name; none when there is neither a server nor a database. */
    static Map<String, User> read(Configuration.Accounts place) {
        boolean isMissing = place.database().isEmbeddedIn(place.dataDir())
                && !Files.exists(place.dataDir().resolve("users.mv.db"))
                && AdminClient.forCommands(place.dataDir()).isEmpty();
        if (isMissing) {
            return Map.of();
        }
        try (UserStore store = open(place)) {
            return AccountImport.all(store);
        }
    }
}
