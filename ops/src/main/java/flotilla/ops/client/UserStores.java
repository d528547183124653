package flotilla.ops.client;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.ops.account.OfflineStore;
import flotilla.ops.account.UserStore;
import flotilla.ops.local.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the accounts: through the running server if there is one, or else in the database. */
public final class UserStores {
    private UserStores() {}

    /**
     * Opens the accounts.
     *
     * @param audit the audit log for changes without a server, as {@code flotilla.log.audit} names it
     * @throws IllegalStateException when neither server nor database can be reached; the message states the reason
     */
    public static UserStore open(Path dataDir, Database database, String audit) {
        Optional<AdminClient> server = AdminClient.forCommands(dataDir);
        return server.<UserStore>map(RemoteStore::new).orElseGet(() -> offline(dataDir, database, audit));
    }

    /**
     * Opens the accounts in the database.
     *
     * @param audit the audit log for changes
     * @throws IllegalStateException when a server runs, or the database cannot be reached; the message states the reason
     */
    public static OfflineStore offline(Path dataDir, Database database, String audit) {
        try {
            DataDirectory.make(dataDir);
        } catch (IOException e) {
            throw new IllegalStateException(dataDir + " cannot be made: " + e.getMessage(), e);
        }
        return new OfflineStore(JdbcUserStore.open(database), dataDir, audit);
    }
}
