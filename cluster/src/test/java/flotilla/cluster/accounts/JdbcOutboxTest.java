package flotilla.cluster.accounts;

import flotilla.cluster.ClusterSettings.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Runs the contract of the outbox on the embedded database. */
class JdbcOutboxTest extends OutboxContract {
    @TempDir
    Path directory;

    @Override
    Database database() {
        return Database.embedded(directory);
    }
}
