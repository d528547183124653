package flotilla.cluster.accounts;

import flotilla.cluster.MountPoint;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Reads and writes the mounts of accounts: one row for each. */
final class MountRows {
    private MountRows() {}

    static List<MountPoint> of(Connection connection, String name) throws SQLException {
        return Sql.query(
                connection,
                "SELECT path, place, read_only, quota_bytes, quota_files FROM account_mounts WHERE account = ?"
                        + " ORDER BY ordinal",
                row -> new MountPoint(
                        row.getString(1), row.getString(2), row.getBoolean(3), row.getLong(4), row.getLong(5)),
                name);
    }

    static void replace(Connection connection, User user) throws SQLException {
        Sql.update(connection, "DELETE FROM account_mounts WHERE account = ?", user.name());
        int ordinal = 0;
        for (MountPoint mount : user.mounts()) {
            Sql.update(
                    connection,
                    "INSERT INTO account_mounts (account, ordinal, path, place, read_only, quota_bytes, quota_files)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    user.name(),
                    ordinal++,
                    mount.path(),
                    mount.place(),
                    mount.readOnly(),
                    mount.quotaBytes(),
                    mount.quotaFiles());
        }
    }
}
