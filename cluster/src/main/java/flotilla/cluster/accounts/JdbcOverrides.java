package flotilla.cluster.accounts;

import flotilla.cluster.Overrides;
import flotilla.cluster.Overrides.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The values of configuration keys in the accounts' database. Every method blocks, and throws a
 * {@link DatabaseException} when the database fails.
 */
public final class JdbcOverrides {
    private static final int ATTEMPTS = 3;

    private final UserDatabase database;

    /** Uses a database that the caller closes. */
    public JdbcOverrides(UserDatabase database) {
        this.database = database;
    }

    /** All values, by key; at most {@link Overrides#MAX_KEYS}. */
    public Map<String, Value> all() {
        return database.read(connection -> {
            Map<String, Value> found = new TreeMap<>();
            Sql.query(
                    connection,
                    "SELECT name, text_value, set_at, set_by FROM overrides ORDER BY name FETCH FIRST ? ROWS ONLY",
                    row -> found.put(row.getString(1), read(row)),
                    Overrides.MAX_KEYS);
            return found;
        });
    }

    private static Value read(ResultSet row) throws SQLException {
        return new Value(
                row.getString(2), row.getObject(3, OffsetDateTime.class).toInstant(), row.getString(4));
    }

    /** Sets a key. */
    public void set(String key, Value value) {
        for (int attempt = 1; ; attempt++) {
            try {
                database.write(connection -> replace(connection, key, value));
                return;
            } catch (DatabaseException e) {
                if (attempt == ATTEMPTS || !Failures.isDuplicate(e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Sets or removes the value of a key that still is as the caller knows it.
     *
     * @param before the value as it was; empty for a key without one
     * @param after empty removes it
     * @return false, without a change, when the key has another value
     */
    public boolean replace(String key, Optional<Value> before, Optional<Value> after) {
        try {
            return database.write(connection -> {
                Optional<Value> found = Sql.query(
                                connection,
                                "SELECT name, text_value, set_at, set_by FROM overrides WHERE name = ? FOR UPDATE",
                                JdbcOverrides::read,
                                key)
                        .stream()
                        .findFirst();
                if (!found.equals(before)) {
                    return false;
                }
                if (after.isEmpty()) {
                    Sql.update(connection, "DELETE FROM overrides WHERE name = ?", key);
                } else {
                    replace(connection, key, after.get());
                }
                return true;
            });
        } catch (DatabaseException e) {
            if (Failures.isDuplicate(e)) {
                return false; // set by another node since the look
            }
            throw e;
        }
    }

    private static int replace(Connection connection, String key, Value value) throws SQLException {
        Instant since = value.since();
        int known = Sql.update(
                connection,
                "UPDATE overrides SET text_value = ?, set_at = ?, set_by = ? WHERE name = ?",
                value.value(),
                since.atOffset(ZoneOffset.UTC),
                value.by(),
                key);
        return known > 0
                ? known
                : Sql.update(
                        connection,
                        "INSERT INTO overrides (text_value, set_at, set_by, name) VALUES (?, ?, ?, ?)",
                        value.value(),
                        since.atOffset(ZoneOffset.UTC),
                        value.by(),
                        key);
    }

    /** Removes the value of a key. Returns false if there was none. */
    public boolean unset(String key) {
        return database.write(connection -> Sql.update(connection, "DELETE FROM overrides WHERE name = ?", key)) > 0;
    }
}
