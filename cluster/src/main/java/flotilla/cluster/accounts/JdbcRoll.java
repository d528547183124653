package flotilla.cluster.accounts;

import flotilla.cluster.Roll.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The nodes of the cluster in the accounts' database. Every method blocks, and throws a {@link DatabaseException} when
 * the database fails.
 */
public final class JdbcRoll {
    private static final int ATTEMPTS = 3;

    private final UserDatabase database;

    /** Uses a database that the caller closes. */
    public JdbcRoll(UserDatabase database) {
        this.database = database;
    }

    /** The nodes by name, at most {@code limit}. */
    public List<Entry> all(int limit) {
        return database.read(connection -> Sql.query(
                connection,
                "SELECT name, address, seen_at, in_order FROM cluster_nodes ORDER BY name FETCH FIRST ? ROWS ONLY",
                row -> new Entry(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getBoolean(4)),
                limit));
    }

    /** Adds or replaces a node. */
    public void note(Entry entry) {
        for (int attempt = 1; ; attempt++) {
            try {
                database.write(connection -> replace(connection, entry));
                return;
            } catch (DatabaseException e) {
                if (attempt == ATTEMPTS || !Failures.isDuplicate(e)) {
                    throw e;
                }
            }
        }
    }

    private static int replace(Connection connection, Entry entry) throws SQLException {
        OffsetDateTime seen = entry.seen().atOffset(ZoneOffset.UTC);
        int known = Sql.update(
                connection,
                "UPDATE cluster_nodes SET address = ?, seen_at = ?, in_order = ? WHERE name = ?",
                entry.address(),
                seen,
                entry.inOrder(),
                entry.name());
        return known > 0
                ? known
                : Sql.update(
                        connection,
                        "INSERT INTO cluster_nodes (address, seen_at, in_order, name) VALUES (?, ?, ?, ?)",
                        entry.address(),
                        seen,
                        entry.inOrder(),
                        entry.name());
    }

    /** Removes a node. Returns false if there was none. */
    public boolean forget(String name) {
        return database.write(connection -> Sql.update(connection, "DELETE FROM cluster_nodes WHERE name = ?", name))
                > 0;
    }
}
