package flotilla.cluster.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The accounts in their database. Every method blocks; a failure is a {@link DatabaseException}. */
public final class JdbcUserStore implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final DataSource database;
    private final Runnable onClose;

    private JdbcUserStore(DataSource database, Runnable onClose) {
        this.database = database;
        this.onClose = onClose;
    }

    /** Opens the database for use without a cluster; the caller closes the store. */
    public static JdbcUserStore open(Database settings) {
        HikariDataSource pool = Databases.open(settings);
        return new JdbcUserStore(pool, pool::close);
    }

    /** A store on a database that someone else closes. */
    public static JdbcUserStore on(DataSource database) {
        return new JdbcUserStore(database, () -> {});
    }

    public Optional<User> find(String name) {
        return Sql.run(database, connection -> AccountRows.find(connection, name));
    }

    /** Adds or replaces an account. */
    public void put(User user) {
        for (int attempt = 1; ; attempt++) {
            try {
                Sql.transact(database, connection -> replace(connection, user));
                return;
            } catch (DatabaseException e) {
                if (attempt == ATTEMPTS || !isDuplicate(e)) {
                    throw e;
                }
            }
        }
    }

    /** Removes an account; false if there was none. */
    public boolean remove(String name) {
        return Sql.transact(database, connection -> AccountRows.delete(connection, name)) > 0;
    }

    /** Up to {@code limit} accounts in name order, after {@code after}. */
    public List<User> list(String after, int limit) {
        return Sql.run(database, connection -> AccountRows.page(connection, after, limit));
    }

    private static Boolean replace(Connection connection, User user) throws SQLException {
        boolean known = AccountRows.update(connection, user) > 0;
        if (!known) {
            AccountRows.insert(connection, user);
        }
        AccountRows.replaceLists(connection, user);
        return known;
    }

    /** Whether two writers added the same account at once. */
    private static boolean isDuplicate(DatabaseException failure) {
        return failure.getCause() instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith("23");
    }

    @Override
    public void close() {
        onClose.run();
    }
}
