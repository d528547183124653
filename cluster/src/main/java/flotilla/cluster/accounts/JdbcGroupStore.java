package flotilla.cluster.accounts;

import flotilla.cluster.Group;
import flotilla.cluster.Groups.Removal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The groups in the accounts' database. Every method blocks, and throws a {@link DatabaseException} when the database
 * fails.
 */
public final class JdbcGroupStore {
    private static final int ATTEMPTS = 3;

    private final UserDatabase database;

    JdbcGroupStore(UserDatabase database) {
        this.database = database;
    }

    /** The group of that name; empty when there is none. */
    public Optional<Group> find(String name) {
        return database.read(connection -> GroupRows.find(connection, name));
    }

    /** Adds or replaces a group, with all its lists in one transaction. */
    public void put(Group group) {
        for (int attempt = 1; ; attempt++) {
            try {
                database.write(connection -> replace(connection, group));
                return;
            } catch (DatabaseException e) {
                if (attempt == ATTEMPTS || !Failures.isDuplicate(e)) {
                    throw e;
                }
            }
        }
    }

    /** Adds a group. Returns false, and changes nothing, if the name is taken. */
    public boolean add(Group group) {
        try {
            return database.write(connection -> insert(connection, group));
        } catch (DatabaseException e) {
            if (Failures.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Replaces a group that still is as the caller knows it. Returns false, without a change, when it is another by now,
     * or gone.
     */
    public boolean replace(Group before, Group after) {
        return database.write(connection -> {
            if (!isStill(connection, before)) {
                return false;
            }
            replace(connection, after);
            return true;
        });
    }

    private static boolean isStill(Connection connection, Group before) throws SQLException {
        return GroupRows.lock(connection, before.name())
                && GroupRows.find(connection, before.name()).equals(Optional.of(before));
    }

    /** Removes a group; one with members only by {@code force}. */
    public Removal remove(String name, boolean force) {
        return database.write(connection -> remove(connection, name, force));
    }

    /** Removes a group that still is as the caller knows it; otherwise as {@link #remove(String, boolean)}. */
    public Removal remove(Group before, boolean force) {
        return database.write(
                connection -> isStill(connection, before) ? remove(connection, before.name(), force) : Removal.CHANGED);
    }

    private static Removal remove(Connection connection, String name, boolean force) throws SQLException {
        if (GroupRows.find(connection, name).isEmpty()) {
            return Removal.MISSING;
        }
        if (!force && GroupRows.hasMembers(connection, name)) {
            return Removal.HAS_MEMBERS;
        }
        GroupRows.delete(connection, name);
        return Removal.REMOVED;
    }

    /** Up to {@code limit} groups (at most 10,000) in the order of their names, after the name {@code after}. */
    public List<Group> list(String after, int limit) {
        return database.read(connection -> GroupRows.page(connection, after, limit));
    }

    private static Boolean replace(Connection connection, Group group) throws SQLException {
        boolean known = GroupRows.update(connection, group) > 0;
        if (!known) {
            GroupRows.insert(connection, group);
        }
        GroupRows.replaceLists(connection, group);
        return known;
    }

    private static boolean insert(Connection connection, Group group) throws SQLException {
        if (GroupRows.find(connection, group.name()).isPresent()) {
            return false;
        }
        GroupRows.insert(connection, group);
        GroupRows.replaceLists(connection, group);
        return true;
    }
}
