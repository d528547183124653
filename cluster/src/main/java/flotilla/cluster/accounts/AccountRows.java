package flotilla.cluster.accounts;

import flotilla.cluster.MountPoint;
import flotilla.cluster.PathRule;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes accounts as rows: one row for the account, and one for each element of its lists. */
final class AccountRows {
    private static final String COLUMNS = "name, password_hash, home, read_only, max_sessions, upload_bytes_per_second,"
            + " download_bytes_per_second, max_file_bytes, quota_bytes, quota_files, expires, enabled, tls, admin, leniencies,"
            + " umask, member_of, encoding";
    private static final String INSERT =
            "INSERT INTO accounts (password_hash, home, read_only, max_sessions, upload_bytes_per_second,"
                    + " download_bytes_per_second, max_file_bytes, quota_bytes, quota_files, expires, enabled, tls, admin,"
                    + " leniencies, umask, member_of, encoding, name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE =
            "UPDATE accounts SET password_hash = ?, home = ?, read_only = ?, max_sessions = ?,"
                    + " upload_bytes_per_second = ?, download_bytes_per_second = ?, max_file_bytes = ?, quota_bytes = ?,"
                    + " quota_files = ?, expires = ?, enabled = ?, tls = ?, admin = ?, leniencies = ?, umask = ?,"
                    + " member_of = ?, encoding = ? WHERE name = ?";
    private static final ListRows LISTS = new ListRows("account_", "account");
    /** Most accounts or groups of one page. */
    static final int MAX_PAGE = 10_000;

    private AccountRows() {}

    static Optional<User> find(Connection connection, String name) throws SQLException {
        Lists lists = lists(connection, name);
        return Sql.query(
                        connection,
                        "SELECT " + COLUMNS + " FROM accounts WHERE name = ?",
                        row -> read(row, lists),
                        name)
                .stream()
                .findFirst();
    }

    /** Keeps others from changing an account until the transaction ends. Returns false if there is none. */
    static boolean lock(Connection connection, String name) throws SQLException {
        return !Sql.query(
                        connection,
                        "SELECT name FROM accounts WHERE name = ? FOR UPDATE",
                        row -> row.getString(1),
                        name)
                .isEmpty();
    }

    static List<User> page(Connection connection, String after, int limit) throws SQLException {
        List<String> names = Sql.query(
                connection,
                "SELECT name FROM accounts WHERE name > ? ORDER BY name FETCH FIRST ? ROWS ONLY",
                row -> row.getString(1),
                after,
                Math.max(0, Math.min(limit, MAX_PAGE)));
        List<User> users = new ArrayList<>(names.size());
        for (String name : names) {
            find(connection, name).ifPresent(users::add);
        }
        return users;
    }

    static int insert(Connection connection, User user) throws SQLException {
        return write(connection, INSERT, user);
    }

    static int update(Connection connection, User user) throws SQLException {
        return write(connection, UPDATE, user);
    }

    static int replaceHash(Connection connection, String name, String before, String after) throws SQLException {
        return Sql.update(
                connection,
                "UPDATE accounts SET password_hash = ? WHERE name = ? AND password_hash = ?",
                after,
                name,
                before);
    }

    static int delete(Connection connection, String name) throws SQLException {
        return Sql.update(connection, "DELETE FROM accounts WHERE name = ?", name);
    }

    static void replaceLists(Connection connection, User user) throws SQLException {
        LISTS.replaceRules(connection, user);
        LISTS.replace(connection, "networks", "block", user.name(), user.allowedNetworks());
        LISTS.replace(connection, "certificates", "certificate", user.name(), user.certificates());
        MountRows.replace(connection, user);
    }

    private static int write(Connection connection, String sql, User user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, user.passwordHash());
            statement.setString(2, user.home());
            statement.setBoolean(3, user.readOnly());
            statement.setInt(4, user.maxSessions());
            statement.setLong(5, user.uploadBytesPerSecond());
            statement.setLong(6, user.downloadBytesPerSecond());
            statement.setLong(7, user.maxFileBytes());
            statement.setLong(8, user.quotaBytes());
            statement.setLong(9, user.quotaFiles());
            setInstant(statement, 10, user.expires());
            statement.setBoolean(11, user.enabled());
            statement.setString(12, user.tls().name());
            statement.setBoolean(13, user.admin());
            statement.setString(14, String.join(",", user.leniencies()));
            statement.setString(15, user.umask());
            statement.setString(16, user.group());
            statement.setString(17, user.encoding());
            statement.setString(18, user.name());
            return statement.executeUpdate();
        }
    }

    private static void setInstant(PreparedStatement statement, int index, @Nullable Instant instant)
            throws SQLException {
        if (instant == null) {
            statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
        }
    }

    private static User read(ResultSet row, Lists lists) throws SQLException {
        OffsetDateTime expires = row.getObject("expires", OffsetDateTime.class);
        return new User(
                row.getString("name"),
                row.getString("password_hash"),
                row.getString("home"),
                lists.rules(),
                row.getBoolean("read_only"),
                lists.networks(),
                row.getInt("max_sessions"),
                row.getLong("upload_bytes_per_second"),
                row.getLong("download_bytes_per_second"),
                row.getLong("max_file_bytes"),
                row.getLong("quota_bytes"),
                row.getLong("quota_files"),
                expires == null ? null : expires.toInstant(),
                row.getBoolean("enabled"),
                User.TlsRequirement.valueOf(row.getString("tls")),
                row.getBoolean("admin"),
                lists.certificates(),
                leniencies(row.getString("leniencies")),
                row.getString("umask"),
                row.getString("member_of"),
                row.getString("encoding"),
                lists.mounts());
    }

    /** Reads a column of texts that are separated by commas. */
    static List<String> leniencies(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static Lists lists(Connection connection, String name) throws SQLException {
        return new Lists(
                LISTS.rules(connection, name),
                LISTS.texts(connection, "networks", "block", name),
                LISTS.texts(connection, "certificates", "certificate", name),
                MountRows.of(connection, name));
    }

    private record Lists(
            List<PathRule> rules, List<String> networks, List<String> certificates, List<MountPoint> mounts) {}
}
