package flotilla.cluster.accounts;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The lists of accounts or groups: one row for each element.
 *
 * @param prefix begins the names of the tables
 * @param owner column that names the account or group
 */
record ListRows(String prefix, String owner) {
    List<PathRule> rules(Connection connection, String name) throws SQLException {
        return Sql.query(
                connection,
                "SELECT prefix, permissions FROM " + prefix + "rules WHERE " + owner + " = ? ORDER BY ordinal",
                ListRows::rule,
                name);
    }

    List<String> texts(Connection connection, String list, String column, String name) throws SQLException {
        return Sql.query(
                connection,
                "SELECT " + column + " FROM " + prefix + list + " WHERE " + owner + " = ? ORDER BY ordinal",
                row -> row.getString(1),
                name);
    }

    void replaceRules(Connection connection, User user) throws SQLException {
        delete(connection, "rules", user.name());
        int ordinal = 0;
        for (PathRule rule : user.rules()) {
            String permissions =
                    rule.permissions().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
            Sql.update(
                    connection,
                    "INSERT INTO " + prefix + "rules (" + owner + ", ordinal, prefix, permissions) VALUES (?, ?, ?, ?)",
                    user.name(),
                    ordinal++,
                    rule.prefix(),
                    permissions);
        }
    }

    void replace(Connection connection, String list, String column, String name, List<String> values)
            throws SQLException {
        delete(connection, list, name);
        String sql = "INSERT INTO " + prefix + list + " (" + owner + ", ordinal, " + column + ") VALUES (?, ?, ?)";
        for (int i = 0; i < values.size(); i++) {
            Sql.update(connection, sql, name, i, values.get(i));
        }
    }

    private void delete(Connection connection, String list, String name) throws SQLException {
        Sql.update(connection, "DELETE FROM " + prefix + list + " WHERE " + owner + " = ?", name);
    }

    private static PathRule rule(ResultSet row) throws SQLException {
        String permissions = row.getString(2);
        Set<Permission> granted = permissions.isEmpty()
                ? Set.of()
                : Arrays.stream(permissions.split(",", -1))
                        .map(Permission::valueOf)
                        .collect(Collectors.toSet());
        return new PathRule(row.getString(1), granted);
    }
}
