package flotilla.cluster.accounts;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import flotilla.cluster.ClusterSettings.Database;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Opens the accounts' database: a pool of connections to a schema that is up to date. */
public final class Databases {
    /** Connections that the pool keeps open while idle. */
    static final int IDLE = 1;

    private static final int H2_ALREADY_OPEN = 90_020;

    private Databases() {}

    /** Opens the database and brings its schema up to date. Blocks. The caller closes the database. */
    public static UserDatabase open(Database database) {
        Durability durability = Durability.of(database.jdbcUrl());
        boolean mayBeNew =
                durability.isRemote() || !Place.fileOf(database.jdbcUrl()).exists();
        closeOld(database, durability);
        HikariDataSource pool = connect(database, durability);
        try {
            closeNew(database, durability);
            boolean empty = Schema.bringUpToDate(pool);
            String place = Place.nameOf(database.jdbcUrl());
            return new UserDatabase(pool, durability, place, database, empty && mayBeNew);
        } catch (RuntimeException e) {
            pool.close();
            throw failure(database, e);
        }
    }

    private static void closeOld(Database database, Durability durability) {
        if (!durability.isRemote()) {
            PrivateDatabase.closeOld(Place.fileOf(database.jdbcUrl()).toPath());
        }
    }

    private static void closeNew(Database database, Durability durability) {
        if (!durability.isRemote()) {
            PrivateDatabase.closeNew(Place.fileOf(database.jdbcUrl()).toPath());
        }
    }

    private static HikariDataSource connect(Database database, Durability durability) {
        HikariConfig config = new HikariConfig();
        if (durability.isRemote()) {
            config.setDataSource(new PatientSource(database.jdbcUrl(), database.timeout()));
        } else {
            config.setJdbcUrl(database.jdbcUrl());
            config.setConnectionInitSql(Durability.INITIAL);
        }
        config.setPoolName("flotilla-users");
        config.setMaximumPoolSize(database.maxConnections());
        config.setMinimumIdle(IDLE);
        config.setConnectionTimeout(database.timeout().toMillis());
        config.setValidationTimeout(database.timeout().toMillis());
        config.setInitializationFailTimeout(1);
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw failure(database, e);
        }
    }

    private static RuntimeException failure(Database database, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = causeOf(cause)) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == H2_ALREADY_OPEN) {
                return new DatabaseInUseException();
            }
        }
        return failure instanceof DatabaseException
                ? failure
                : new DatabaseException(
                        "The user database (flotilla.users) at " + Place.nameOf(database.jdbcUrl())
                                + " cannot be opened: " + Failures.reason(failure),
                        failure);
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        return failure.getCause();
    }
}
