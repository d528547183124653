package flotilla.cluster.accounts;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.LeaseStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The lease of the accounts' database, in the one row of its table {@code cluster_lease}. The database's own clock
 * notes the time of renewal, for people only.
 */
public final class JdbcLease implements LeaseStore {
    private static final String SAME = " WHERE slot = 1 AND cluster_id = ? AND renewals = ? AND members = ?";

    private final String place;
    private final Supplier<UserDatabase> database;

    /**
     * Keeps the lease in {@code database}.
     *
     * @param jdbcUrl URL of the database; messages show its place without credentials
     * @param database the database, which may block until it is open
     */
    public JdbcLease(String jdbcUrl, Supplier<UserDatabase> database) {
        this.place = "the user database at " + Place.nameOf(jdbcUrl);
        this.database = database;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public String key() {
        return "flotilla.users.jdbc-url";
    }

    @Override
    public boolean isNeeded() {
        return true;
    }

    @Override
    public Optional<ClusterLease> read() throws IOException {
        return answer(() -> database.get().read(connection -> Sql.query(
                        connection,
                        "SELECT cluster_id, cluster_name, members, renewals FROM cluster_lease WHERE slot = 1",
                        row -> new ClusterLease(
                                row.getString(1),
                                row.getString(2),
                                ClusterLease.members(row.getString(3)),
                                row.getLong(4)))
                .stream()
                .findFirst()));
    }

    @Override
    public boolean replace(Optional<ClusterLease> seen, ClusterLease next) throws IOException {
        return answer(() -> {
            try {
                return database.get().write(connection -> put(connection, seen, next)) == 1;
            } catch (DatabaseException e) {
                if (Failures.isDuplicate(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static int put(Connection connection, Optional<ClusterLease> seen, ClusterLease next) throws SQLException {
        if (seen.isEmpty()) {
            return Sql.update(
                    connection,
                    "INSERT INTO cluster_lease (slot, cluster_id, cluster_name, members, renewals, renewed_at)"
                            + " VALUES (1, ?, ?, ?, ?, CURRENT_TIMESTAMP)",
                    next.clusterId(),
                    next.clusterName(),
                    next.text(),
                    next.renewals());
        }
        return Sql.update(
                connection,
                "UPDATE cluster_lease SET cluster_id = ?, cluster_name = ?, members = ?, renewals = ?,"
                        + " renewed_at = CURRENT_TIMESTAMP" + SAME,
                next.clusterId(),
                next.clusterName(),
                next.text(),
                next.renewals(),
                seen.get().clusterId(),
                seen.get().renewals(),
                seen.get().text());
    }

    @Override
    public boolean remove(ClusterLease seen) throws IOException {
        return answer(() -> database.get()
                        .write(connection -> Sql.update(
                                connection,
                                "DELETE FROM cluster_lease" + SAME,
                                seen.clusterId(),
                                seen.renewals(),
                                seen.text()))
                == 1);
    }

    private static <T> T answer(Supplier<T> work) throws IOException {
        try {
            return work.get();
        } catch (DatabaseException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
