package flotilla.cluster.accounts;

import flotilla.cluster.Outbox;
import flotilla.cluster.Outbox.Counts;
import flotilla.cluster.Outbox.Entry;
import flotilla.cluster.Outbox.Failure;
import flotilla.cluster.Outbox.Lease;
import flotilla.cluster.Outbox.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The events that wait, in the table {@code outbox}. Methods block, and throw a {@link DatabaseException} when the
 * database fails.
 */
public final class JdbcOutbox {
    private static final String COLUMNS =
            "SELECT seq, id, target, type, payload, attempts, next_at, dead, problem FROM outbox";
    /** The database may have carried a transaction out whose answer was lost, so the same row may come again. */
    private static final String INSERT = "INSERT INTO outbox"
            + " (id, target, type, place, other_place, payload, attempts, next_at, dead, problem)"
            + " SELECT CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(64)),"
            + " CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(131072)), 0, 0, FALSE, ''"
            + " WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE id = ? AND target = ?)";

    private static final String WAITING = "SELECT seq, place, other_place, next_at FROM outbox"
            + " WHERE target = ? AND dead = FALSE AND seq > ? ORDER BY seq FETCH FIRST ? ROWS ONLY";
    /** Rows of one question for those that wait. */
    private static final int PAGE = 500;
    /** Most rows that are looked at for those that are due: the database has more to do. */
    private static final int MOST_LOOKED_AT = 200_000;

    private final UserDatabase database;

    /** Keeps the events in {@code database}. */
    public JdbcOutbox(UserDatabase database) {
        this.database = database;
    }

    /** Adds the rows that are not there, all in one transaction. */
    public boolean add(List<Row> rows) {
        return database.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                for (Row row : rows) {
                    bind(statement, row);
                    statement.addBatch();
                }
                statement.executeBatch();
                return true;
            }
        });
    }

    private static void bind(PreparedStatement statement, Row row) throws SQLException {
        statement.setString(1, row.id());
        statement.setString(2, row.target());
        statement.setString(3, row.type());
        place(statement, 4, row.places(), 0);
        place(statement, 5, row.places(), 1);
        statement.setString(6, row.payload());
        statement.setString(7, row.id());
        statement.setString(8, row.target());
    }

    private static void place(PreparedStatement statement, int parameter, List<String> places, int index)
            throws SQLException {
        if (index < places.size()) {
            statement.setString(parameter, places.get(index));
        } else {
            statement.setNull(parameter, Types.VARCHAR);
        }
    }

    /** A row that waits, and its places. */
    private record Waiting(long sequence, List<String> places, long nextAt) {}

    /**
     * See {@link Outbox#due}. The rows are compared here: as a condition of SQL, H2 compares each row with each other
     * one, which takes minutes for some ten thousand.
     */
    public List<Entry> due(String target, long now, int limit) {
        return database.read(connection -> {
            Set<String> before = new HashSet<>();
            List<Long> found = new ArrayList<>();
            long last = 0;
            int looked = 0;
            for (boolean more = true; more && found.size() < limit && looked < MOST_LOOKED_AT; ) {
                List<Waiting> page = Sql.query(connection, WAITING, JdbcOutbox::waiting, target, last, PAGE);
                for (Waiting row : page) {
                    boolean isFirst = Collections.disjoint(row.places(), before);
                    if (isFirst && row.nextAt() <= now && found.size() < limit) {
                        found.add(row.sequence());
                    }
                    before.addAll(row.places());
                    last = row.sequence();
                }
                looked += page.size();
                more = page.size() == PAGE;
            }
            return entries(connection, found);
        });
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(
                row.getLong(1),
                Stream.of(Optional.ofNullable(row.getString(2)), Optional.ofNullable(row.getString(3)))
                        .flatMap(Optional::stream)
                        .toList(),
                row.getLong(4));
    }

    private static List<Entry> entries(Connection connection, List<Long> sequences) throws SQLException {
        if (sequences.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", Collections.nCopies(sequences.size(), "?"));
        return Sql.query(
                connection,
                COLUMNS + " WHERE seq IN (" + marks + ") ORDER BY seq",
                JdbcOutbox::entry,
                sequences.toArray());
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getLong(7),
                row.getBoolean(8),
                row.getString(9));
    }

    /** See {@link Outbox#settle}. */
    public boolean settle(List<Long> delivered, List<Failure> failed) {
        return database.write(connection -> {
            try (PreparedStatement gone = connection.prepareStatement("DELETE FROM outbox WHERE seq = ?");
                    PreparedStatement again = connection.prepareStatement("UPDATE outbox SET attempts = attempts + 1,"
                            + " next_at = ?, dead = ?, problem = ? WHERE seq = ?")) {
                for (Long sequence : delivered) {
                    gone.setLong(1, sequence);
                    gone.addBatch();
                }
                for (Failure failure : failed) {
                    again.setLong(1, failure.nextAt());
                    again.setBoolean(2, failure.dead());
                    again.setString(3, cut(failure.problem()));
                    again.setLong(4, failure.sequence());
                    again.addBatch();
                }
                gone.executeBatch();
                again.executeBatch();
                return true;
            }
        });
    }

    /** PostgreSQL takes no text with the character 0. */
    private static String cut(String problem) {
        String text = problem.replace('\0', ' ');
        return text.length() > Outbox.MOST_PROBLEM ? text.substring(0, Outbox.MOST_PROBLEM) : text;
    }

    /** See {@link Outbox#counts}. */
    public Counts counts() {
        return database.read(connection -> Sql.query(
                        connection,
                        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN dead THEN 1 ELSE 0 END), 0) FROM outbox",
                        row -> new Counts(row.getLong(1) - row.getLong(2), row.getLong(2)))
                .get(0));
    }

    /** See {@link Outbox#list}. */
    public List<Entry> list(boolean dead, long after, int limit) {
        return database.read(connection -> Sql.query(
                connection,
                COLUMNS + " WHERE dead = ? AND seq > ? ORDER BY seq FETCH FIRST ? ROWS ONLY",
                JdbcOutbox::entry,
                dead,
                after,
                limit));
    }

    /** See {@link Outbox#revive}. */
    public int revive(Optional<String> id) {
        String all = "UPDATE outbox SET dead = FALSE, attempts = 0, next_at = 0 WHERE dead = TRUE";
        return database.write(connection ->
                id.isEmpty() ? Sql.update(connection, all) : Sql.update(connection, all + " AND id = ?", id.get()));
    }

    /** See {@link Outbox#forget}. */
    public int forget(String id) {
        return database.write(
                connection -> Sql.update(connection, "DELETE FROM outbox WHERE dead = TRUE AND id = ?", id));
    }

    /** See {@link Outbox#trim}. */
    public int trim(int most) {
        return database.write(connection -> {
            List<Long> newestGone = Sql.query(
                    connection,
                    "SELECT seq FROM outbox WHERE dead = TRUE ORDER BY seq DESC OFFSET ? ROWS FETCH FIRST 1 ROWS ONLY",
                    row -> row.getLong(1),
                    most);
            return newestGone.isEmpty()
                    ? 0
                    : Sql.update(connection, "DELETE FROM outbox WHERE dead = TRUE AND seq <= ?", newestGone.get(0));
        });
    }

    /** See {@link Outbox#lease}. */
    public Optional<Lease> lease() {
        return database.read(connection -> Sql.query(
                        connection,
                        "SELECT holder, renewals FROM outbox_lease WHERE slot = 1",
                        row -> new Lease(row.getString(1), row.getLong(2)))
                .stream()
                .findFirst());
    }

    /** See {@link Outbox#replaceLease}. */
    public boolean replaceLease(Optional<Lease> seen, Lease next) {
        try {
            return database.write(connection -> put(connection, seen, next)) == 1;
        } catch (DatabaseException e) {
            if (Failures.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private static int put(Connection connection, Optional<Lease> seen, Lease next) throws SQLException {
        return seen.isEmpty()
                ? Sql.update(
                        connection,
                        "INSERT INTO outbox_lease (slot, holder, renewals) VALUES (1, ?, ?)",
                        next.holder(),
                        next.renewals())
                : Sql.update(
                        connection,
                        "UPDATE outbox_lease SET holder = ?, renewals = ? WHERE slot = 1 AND holder = ?"
                                + " AND renewals = ?",
                        next.holder(),
                        next.renewals(),
                        seen.get().holder(),
                        seen.get().renewals());
    }
}
