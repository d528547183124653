package flotilla.cluster.accounts;

import flotilla.cluster.QuotaLedger.Usage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * The users' stored usages, in the table {@code quota_usage}. Every method blocks, and throws a
 * {@link DatabaseException} when the database fails.
 */
public final class JdbcQuotaStore {
    private final UserDatabase database;

    /** Uses {@code database}, which the caller closes. */
    public JdbcQuotaStore(UserDatabase database) {
        this.database = database;
    }

    /** The usage of a user; empty when none is recorded. */
    public Optional<Usage> find(String user) {
        return database.read(connection -> Sql.query(
                        connection,
                        "SELECT stored_bytes, stored_files FROM quota_usage WHERE name = ?",
                        row -> new Usage(row.getLong(1), row.getLong(2)),
                        user)
                .stream()
                .findFirst());
    }

    /** Records all of {@code usages}, from user name to usage, or none of them. */
    public void putAll(Map<String, Usage> usages) {
        database.write(connection -> {
            for (Map.Entry<String, Usage> each : usages.entrySet()) {
                put(connection, each.getKey(), each.getValue());
            }
            return usages.size();
        });
    }

    /** Removes the record of a user. Has no effect when there is none. */
    public void remove(String user) {
        database.write(connection -> Sql.update(connection, "DELETE FROM quota_usage WHERE name = ?", user));
    }

    private static void put(Connection connection, String user, Usage usage) throws SQLException {
        int known = Sql.update(
                connection,
                "UPDATE quota_usage SET stored_bytes = ?, stored_files = ? WHERE name = ?",
                usage.bytes(),
                usage.files(),
                user);
        if (known == 0) {
            Sql.update(
                    connection,
                    "INSERT INTO quota_usage (stored_bytes, stored_files, name) VALUES (?, ?, ?)",
                    usage.bytes(),
                    usage.files(),
                    user);
        }
    }
}
