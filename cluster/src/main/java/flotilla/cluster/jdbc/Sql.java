package flotilla.cluster.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The little of JDBC that the stores need. */
final class Sql {
    /** Reads one row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Works on a connection. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final int ATTEMPTS = 5;

    private Sql() {}

    /**
     * Runs {@code work} on a connection of the pool, again on another one when that turns out to have been lost: a database that restarts
     * or fails over closes them all, and the pool does not look at those that were used a moment ago. Work must bear to be done twice.
     */
    static <T> T run(DataSource database, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = connection(database)) {
                return work.run(connection);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !isConnectionLost(e)) {
                    throw new DatabaseException("The user database failed.", e);
                }
            }
        }
    }

    private static Connection connection(DataSource database) {
        try {
            return database.getConnection();
        } catch (SQLException e) {
            throw new DatabaseException("The user database failed.", e);
        }
    }

    /** Class 08 is a connection exception (SQL:2023), 57P01 to 57P03 are PostgreSQL's shutting down and starting up. */
    private static boolean isConnectionLost(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P0");
    }

    static <T> T transact(DataSource database, Work<T> work) {
        return run(database, connection -> {
            connection.setAutoCommit(false);
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        });
    }

    static <T> List<T> query(Connection connection, String sql, Row<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
                return found;
            }
        }
    }

    static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }
}
