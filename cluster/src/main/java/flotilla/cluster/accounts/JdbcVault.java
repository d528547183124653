package flotilla.cluster.accounts;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Optional;

/** Sealed values in the table {@code vault}. Methods block, and throw a {@link DatabaseException} when the database fails. */
public final class JdbcVault {
    private final UserDatabase database;

    /** Keeps the values in {@code database}. */
    public JdbcVault(UserDatabase database) {
        this.database = database;
    }

    /** A sealed value and its version, from 1. */
    @SuppressWarnings("ArrayRecordComponent") // no caller compares contents
    public record Row(byte[] sealed, long version) {}

    /** The row of a name; empty for none. */
    public Optional<Row> find(String name) {
        return database.read(connection -> Sql.query(
                        connection,
                        "SELECT content, version FROM vault WHERE name = ?",
                        row -> new Row(Base64.getDecoder().decode(row.getString(1)), row.getLong(2)),
                        name)
                .stream()
                .findFirst());
    }

    /**
     * Puts a value in the place of a version.
     *
     * @param seen the version; 0 for none
     * @return whether that version was there
     */
    public boolean replace(String name, long seen, byte[] sealed) {
        String content = Base64.getEncoder().encodeToString(sealed);
        try {
            return database.write(connection -> put(connection, name, seen, content)) == 1;
        } catch (DatabaseException e) {
            if (Failures.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Removes a version of a name. Returns whether it was there. */
    public boolean remove(String name, long seen) {
        return database.write(connection ->
                        Sql.update(connection, "DELETE FROM vault WHERE name = ? AND version = ?", name, seen))
                == 1;
    }

    private static int put(Connection connection, String name, long seen, String content) throws SQLException {
        return seen == 0
                ? Sql.update(connection, "INSERT INTO vault (name, version, content) VALUES (?, 1, ?)", name, content)
                : Sql.update(
                        connection,
                        "UPDATE vault SET content = ?, version = version + 1 WHERE name = ? AND version = ?",
                        content,
                        name,
                        seen);
    }
}
