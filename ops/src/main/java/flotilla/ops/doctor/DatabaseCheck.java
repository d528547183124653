package flotilla.ops.doctor;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** Whether the accounts' database answers, and how fast. It reads only. */
final class DatabaseCheck implements Check {
    private static final int QUESTIONS = 5;
    private static final double SLOW_MILLIS = 50;
    private static final String EMBEDDED = "jdbc:h2:file:";

    @Override
    public List<Outcome> look(Patient patient) {
        Database database = patient.configuration().cluster().database();
        if (!database.isShared()) {
            Optional<AdminClient> server =
                    AdminClient.forCommands(patient.configuration().dataDir());
            if (server.isPresent()) {
                return List.of(asked(server.get()));
            }
            if (isMissing(database)) {
                return List.of(Outcome.ok("There is none yet: the first start makes it."));
            }
        }
        return List.of(connected(database, patient));
    }

    private static boolean isMissing(Database database) {
        String url = database.jdbcUrl();
        return url.startsWith(EMBEDDED)
                && !Files.exists(Path.of(url.substring(EMBEDDED.length()).split(";", 2)[0] + ".mv.db"));
    }

    /** An embedded database belongs to the running server. */
    private static Outcome asked(AdminClient server) {
        try {
            long before = System.nanoTime();
            server.get("users?limit=1");
            return rated("The running server read an account in", System.nanoTime() - before);
        } catch (AdminClient.Refused | IOException e) {
            return Outcome.fail("The running server cannot read accounts: " + e.getMessage() + ".", "See its log.");
        }
    }

    private static Outcome connected(Database database, Patient patient) {
        String seconds = String.valueOf(Math.max(1, database.timeout().toSeconds()));
        Properties properties = new Properties();
        String url = database.jdbcUrl();
        if (url.startsWith("jdbc:postgresql:")) {
            properties.setProperty("connectTimeout", seconds);
            properties.setProperty("socketTimeout", seconds);
        } else if (!database.isShared()) {
            url += ";IFEXISTS=TRUE;ACCESS_MODE_DATA=r";
        }
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement()) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < QUESTIONS; i++) {
                long before = System.nanoTime();
                try (ResultSet result = statement.executeQuery("SELECT 1")) {
                    result.next();
                }
                least = Math.min(least, System.nanoTime() - before);
            }
            return rated("It answers in", least);
        } catch (SQLException e) {
            return Outcome.fail(
                    "It cannot be reached: " + reason(e, patient) + ".",
                    "Look at flotilla.users.jdbc-url, the database and the way to it.");
        }
    }

    private static Outcome rated(String what, long nanos) {
        double millis = nanos / 1e6;
        String text = String.format(Locale.ROOT, "%s %.2f ms.", what, millis);
        return millis <= SLOW_MILLIS
                ? Outcome.ok(text)
                : Outcome.warn(text, "Logins and quotas wait for it: put it nearer, or relieve it.");
    }

    /** A message may repeat the URL, and that may carry a password. */
    private static String reason(SQLException failure, Patient patient) {
        String url = patient.configuration().cluster().database().jdbcUrl();
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return message.contains("jdbc:") || url.contains("assword") && message.contains("assword=")
                ? "SQL state " + failure.getSQLState()
                : message;
    }
}
