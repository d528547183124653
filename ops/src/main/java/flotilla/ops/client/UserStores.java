package flotilla.ops.client;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.ops.account.OfflineStore;
import flotilla.ops.account.UserStore;
import flotilla.ops.local.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the accounts: through the running server if there is one, else in the database itself. */
public final class UserStores {
    private UserStores() {}

    /**
     * Opens the accounts.
     *
     * @param audit where the audit log is, for changes that no server makes
     * @throws IllegalStateException when neither server nor database can be reached, saying why
     */
    public static UserStore open(Path dataDir, Database database, String audit) {
        Optional<AdminClient> server = AdminClient.forCommands(dataDir);
        return server.<UserStore>map(RemoteStore::new).orElseGet(() -> offline(dataDir, database, audit));
    }

    private static UserStore offline(Path dataDir, Database database, String audit) {
        try {
            DataDirectory.make(dataDir);
        } catch (IOException e) {
            throw new IllegalStateException(dataDir + " cannot be made: " + e.getMessage(), e);
        }
        return new OfflineStore(JdbcUserStore.open(database), dataDir, audit);
    }
}
