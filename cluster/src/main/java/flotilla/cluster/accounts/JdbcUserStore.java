package flotilla.cluster.accounts;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The accounts in their database. Every method blocks; a failure is a {@link DatabaseException}. */
public final class JdbcUserStore implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final UserDatabase database;
    private final Runnable onClose;

    private JdbcUserStore(UserDatabase database, Runnable onClose) {
        this.database = database;
        this.onClose = onClose;
    }

    /** Opens the database for use without a cluster; the caller closes the store. */
    public static JdbcUserStore open(Database settings) {
        UserDatabase database = Databases.open(settings);
        return new JdbcUserStore(database, database::close);
    }

    /** A store on a database that someone else closes. */
    public static JdbcUserStore on(UserDatabase database) {
        return new JdbcUserStore(database, () -> {});
    }

    /** Whether this start made the database. */
    public boolean isNew() {
        return database.isNew();
    }

    /** Whether the database answered when it was asked last. Cheap. */
    public boolean isUp() {
        return database.isUp();
    }

    public Optional<User> find(String name) {
        return database.read(connection -> AccountRows.find(connection, name));
    }

    /** Adds or replaces an account. */
    public void put(User user) {
        for (int attempt = 1; ; attempt++) {
            try {
                database.write(connection -> replace(connection, user));
                return;
            } catch (DatabaseException e) {
                if (attempt == ATTEMPTS || !Failures.isDuplicate(e)) {
                    throw e;
                }
            }
        }
    }

    /** Adds an account; false, and nothing changed, if there is one of its name. */
    public boolean add(User user) {
        try {
            return database.write(connection -> insert(connection, user));
        } catch (DatabaseException e) {
            if (Failures.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Removes an account; false if there was none. */
    public boolean remove(String name) {
        return database.write(connection -> AccountRows.delete(connection, name)) > 0;
    }

    /** Up to {@code limit} accounts in name order, after {@code after}. */
    public List<User> list(String after, int limit) {
        return database.read(connection -> AccountRows.page(connection, after, limit));
    }

    private static Boolean replace(Connection connection, User user) throws SQLException {
        boolean known = AccountRows.update(connection, user) > 0;
        if (!known) {
            AccountRows.insert(connection, user);
        }
        AccountRows.replaceLists(connection, user);
        return known;
    }

    private static boolean insert(Connection connection, User user) throws SQLException {
        if (AccountRows.find(connection, user.name()).isPresent()) {
            return false;
        }
        AccountRows.insert(connection, user);
        AccountRows.replaceLists(connection, user);
        return true;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
