package flotilla.cluster.accounts;

import flotilla.cluster.Bans.Ban;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The bans in the accounts' database. Every method blocks, and throws a {@link DatabaseException} when the database
 * fails.
 */
public final class JdbcBanStore {
    private static final int ATTEMPTS = 3;
    private static final int LONGEST_REASON = 1_000;

    private final UserDatabase database;

    JdbcBanStore(UserDatabase database) {
        this.database = database;
    }

    /** Up to {@code limit} bans that have not ended, in the order of their blocks. */
    public List<Ban> list(int limit) {
        return database.read(connection -> Sql.query(
                connection,
                "SELECT block, ends, reason FROM bans WHERE ends > ? ORDER BY block FETCH FIRST ? ROWS ONLY",
                row -> new Ban(
                        row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant(), row.getString(3)),
                Instant.now().atOffset(ZoneOffset.UTC),
                limit));
    }

    /**
     * Adds a ban, or replaces the one of the same block. Removes those that have ended. A reason is cut at 1,000
     * characters.
     *
     * @param most bans in the database
     * @return false, and nothing is added, when there are as many already
     */
    public boolean put(Ban ban, int most) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.write(connection -> put(connection, ban, most));
            } catch (DatabaseException e) {
                if (attempt == ATTEMPTS || !Failures.isDuplicate(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean put(Connection connection, Ban ban, int most) throws SQLException {
        OffsetDateTime ends = ban.until().atOffset(ZoneOffset.UTC);
        String reason =
                ban.reason().substring(0, Math.min(LONGEST_REASON, ban.reason().length()));
        Sql.update(connection, "DELETE FROM bans WHERE ends <= ?", Instant.now().atOffset(ZoneOffset.UTC));
        if (Sql.update(connection, "UPDATE bans SET ends = ?, reason = ? WHERE block = ?", ends, reason, ban.block())
                > 0) {
            return true;
        }
        if (Sql.query(connection, "SELECT COUNT(*) FROM bans", row -> row.getInt(1))
                        .get(0)
                >= most) {
            return false;
        }
        return Sql.update(
                        connection,
                        "INSERT INTO bans (block, ends, reason) VALUES (?, ?, ?)",
                        ban.block(),
                        ends,
                        reason)
                > 0;
    }

    /** Removes a ban. Returns false if there was none. */
    public boolean remove(String block) {
        return database.write(connection -> Sql.update(connection, "DELETE FROM bans WHERE block = ?", block)) > 0;
    }
}
