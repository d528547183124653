package flotilla.cluster.accounts;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The accounts in their database. Every method blocks, and throws a {@link DatabaseException} when the database fails.
 */
public final class JdbcUserStore implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final UserDatabase database;
    private final Runnable onClose;

    private JdbcUserStore(UserDatabase database, Runnable onClose) {
        this.database = database;
        this.onClose = onClose;
    }

    /** Opens the database for use without a cluster. The caller closes the store, which closes the database. */
    public static JdbcUserStore open(Database settings) {
        UserDatabase database = Databases.open(settings);
        return new JdbcUserStore(database, database::close);
    }

    /** A store on a database that the caller closes. */
    public static JdbcUserStore on(UserDatabase database) {
        return new JdbcUserStore(database, () -> {});
    }

    /** The groups in the same database. They work until this store is closed. */
    public JdbcGroupStore groups() {
        return new JdbcGroupStore(database);
    }

    /** The values of configuration keys in the same database. They work until this store is closed. */
    public JdbcOverrides overrides() {
        return new JdbcOverrides(database);
    }

    /** The bans in the same database. They work until this store is closed. */
    public JdbcBanStore bans() {
        return new JdbcBanStore(database);
    }

    /** Whether opening it has created the database. */
    public boolean isNew() {
        return database.isNew();
    }

    /** Whether the database answered the latest question. Cheap. */
    public boolean isUp() {
        return database.isUp();
    }

    /** The account of that name; empty when there is none. */
    public Optional<User> find(String name) {
        return database.read(connection -> AccountRows.find(connection, name));
    }

    /** Adds or replaces an account, with all its lists in one transaction. */
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

    /**
     * Replaces or removes an account that still is as the caller knows it.
     *
     * @param before the account as it was stored
     * @param after empty removes it
     * @return false, without a change, when it is another by now, or gone
     */
    public boolean replace(User before, Optional<User> after) {
        return database.write(connection -> {
            if (!AccountRows.lock(connection, before.name())
                    || !AccountRows.find(connection, before.name()).equals(Optional.of(before))) {
                return false;
            }
            if (after.isEmpty()) {
                AccountRows.delete(connection, before.name());
            } else {
                replace(connection, after.get());
            }
            return true;
        });
    }

    /** Adds an account. Returns false, and changes nothing, if the name is taken. */
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

    /** Replaces the hash of a password. Returns false, and changes nothing, if the account has not the hash {@code before}. */
    public boolean replaceHash(String name, String before, String after) {
        return database.write(connection -> AccountRows.replaceHash(connection, name, before, after)) > 0;
    }

    /** Removes an account. Returns false if there was none. */
    public boolean remove(String name) {
        return database.write(connection -> AccountRows.delete(connection, name)) > 0;
    }

    /** Up to {@code limit} accounts (at most 10,000) in the order of their names, after the name {@code after}. */
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
