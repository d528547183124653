package flotilla.cluster.accounts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * The schema of the database. Flyway takes most of a second, so it runs only when the recorded version is not the
 * newest.
 */
final class Schema {
    /** Version of the newest file in {@code db/migration}. */
    static final String NEWEST = "11";

    private static final String VERSION_ON_RECORD = "SELECT \"version\" FROM \"flyway_schema_history\""
            + " WHERE \"success\" ORDER BY \"installed_rank\" DESC FETCH FIRST 1 ROWS ONLY";

    private Schema() {}

    /**
     * Migrates the schema to the newest version.
     *
     * @return whether there was no schema before
     */
    static boolean bringUpToDate(DataSource database) {
        if (isUpToDate(database)) {
            return false;
        }
        MigrateResult result = Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        return result.initialSchemaVersion == null;
    }

    private static boolean isUpToDate(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(VERSION_ON_RECORD)) {
            return found.next() && NEWEST.equals(found.getString(1));
        } catch (SQLException e) {
            return false; // no history yet; if the database is really broken, Flyway says so
        }
    }
}
