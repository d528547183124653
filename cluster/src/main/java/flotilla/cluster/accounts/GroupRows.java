package flotilla.cluster.accounts;

import flotilla.cluster.Group;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes groups as rows, as {@link AccountRows} does with accounts. */
final class GroupRows {
    private static final String INSERT =
            "INSERT INTO account_groups (read_only, max_sessions, upload_bytes_per_second, download_bytes_per_second,"
                    + " max_file_bytes, quota_bytes, quota_files, tls, leniencies, umask, encoding, name)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE =
            "UPDATE account_groups SET read_only = ?, max_sessions = ?, upload_bytes_per_second = ?,"
                    + " download_bytes_per_second = ?, max_file_bytes = ?, quota_bytes = ?, quota_files = ?, tls = ?,"
                    + " leniencies = ?, umask = ?, encoding = ? WHERE name = ?";
    private static final ListRows LISTS = new ListRows("group_", "group_name");

    private GroupRows() {}

    static Optional<Group> find(Connection connection, String name) throws SQLException {
        return Sql.query(connection, "SELECT * FROM account_groups WHERE name = ?", row -> read(connection, row), name)
                .stream()
                .findFirst();
    }

    /** Keeps others from changing a group until the transaction ends. Returns false if there is none. */
    static boolean lock(Connection connection, String name) throws SQLException {
        return !Sql.query(
                        connection,
                        "SELECT name FROM account_groups WHERE name = ? FOR UPDATE",
                        row -> row.getString(1),
                        name)
                .isEmpty();
    }

    static List<Group> page(Connection connection, String after, int limit) throws SQLException {
        List<String> names = Sql.query(
                connection,
                "SELECT name FROM account_groups WHERE name > ? ORDER BY name FETCH FIRST ? ROWS ONLY",
                row -> row.getString(1),
                after,
                Math.max(0, Math.min(limit, AccountRows.MAX_PAGE)));
        List<Group> groups = new ArrayList<>(names.size());
        for (String name : names) {
            find(connection, name).ifPresent(groups::add);
        }
        return groups;
    }

    static int insert(Connection connection, Group group) throws SQLException {
        return write(connection, INSERT, group.settings());
    }

    static int update(Connection connection, Group group) throws SQLException {
        return write(connection, UPDATE, group.settings());
    }

    static void replaceLists(Connection connection, Group group) throws SQLException {
        LISTS.replaceRules(connection, group.settings());
        LISTS.replace(
                connection, "networks", "block", group.name(), group.settings().allowedNetworks());
    }

    static int delete(Connection connection, String name) throws SQLException {
        return Sql.update(connection, "DELETE FROM account_groups WHERE name = ?", name);
    }

    static boolean hasMembers(Connection connection, String name) throws SQLException {
        return !Sql.query(
                        connection,
                        "SELECT name FROM accounts WHERE member_of = ? FETCH FIRST 1 ROWS ONLY",
                        row -> row.getString(1),
                        name)
                .isEmpty();
    }

    private static int write(Connection connection, String sql, User settings) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBoolean(1, settings.readOnly());
            statement.setInt(2, settings.maxSessions());
            statement.setLong(3, settings.uploadBytesPerSecond());
            statement.setLong(4, settings.downloadBytesPerSecond());
            statement.setLong(5, settings.maxFileBytes());
            statement.setLong(6, settings.quotaBytes());
            statement.setLong(7, settings.quotaFiles());
            statement.setString(8, settings.tls().name());
            statement.setString(9, String.join(",", settings.leniencies()));
            statement.setString(10, settings.umask());
            statement.setString(11, settings.encoding());
            statement.setString(12, settings.name());
            return statement.executeUpdate();
        }
    }

    private static Group read(Connection connection, ResultSet row) throws SQLException {
        String name = row.getString("name");
        return new Group(
                name,
                User.create(name, "", "/")
                        .change()
                        .rules(LISTS.rules(connection, name))
                        .readOnly(row.getBoolean("read_only"))
                        .allowedNetworks(LISTS.texts(connection, "networks", "block", name))
                        .maxSessions(row.getInt("max_sessions"))
                        .uploadBytesPerSecond(row.getLong("upload_bytes_per_second"))
                        .downloadBytesPerSecond(row.getLong("download_bytes_per_second"))
                        .maxFileBytes(row.getLong("max_file_bytes"))
                        .quotaBytes(row.getLong("quota_bytes"))
                        .quotaFiles(row.getLong("quota_files"))
                        .tls(User.TlsRequirement.valueOf(row.getString("tls")))
                        .leniencies(AccountRows.leniencies(row.getString("leniencies")))
                        .umask(row.getString("umask"))
                        .encoding(row.getString("encoding"))
                        .make());
    }
}
