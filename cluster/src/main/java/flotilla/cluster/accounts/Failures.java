package flotilla.cluster.accounts;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Set;

/** Classifies failures of the database. */
final class Failures {
    /** GENERAL_ERROR_1, IO_EXCEPTION_1 and _2, FILE_CORRUPTED_1, OUT_OF_MEMORY (org.h2.api.ErrorCode). */
    private static final Set<Integer> H2_WRITE = Set.of(50_000, 90_028, 90_030, 90_031, 90_108);
    /** DATABASE_IS_CLOSED, CONNECTION_BROKEN_1, OBJECT_CLOSED, DATABASE_CALLED_AT_SHUTDOWN. */
    private static final Set<Integer> H2_CLOSED = Set.of(90_098, 90_067, 90_007, 90_121);

    private Failures() {}

    /**
     * Whether the connection was lost: class 08 is a connection exception (SQL:2023), and 57P01 to 57P03 are
     * PostgreSQL's codes for shutting down and starting up.
     */
    static boolean isConnectionLost(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P0");
    }

    /** Whether H2 could not write. Its memory then holds data that its file does not. */
    static boolean isWriteError(SQLException failure) {
        return H2_WRITE.contains(failure.getErrorCode());
    }

    /** Whether H2 has closed the database under this connection. */
    static boolean isClosed(SQLException failure) {
        return H2_CLOSED.contains(failure.getErrorCode());
    }

    /** Whether no other connection would get an answer now, either. */
    static boolean isOutage(SQLException failure) {
        return isConnectionLost(failure)
                || failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException;
    }

    /** Whether two writers added the same row at once: class 23 is an integrity constraint violation (SQL:2023). */
    static boolean isDuplicate(DatabaseException failure) {
        return failure.getCause() instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith("23");
    }

    /** The reason why a database cannot be opened, in words. Leaves out any text that may hold a password. */
    static String reason(Throwable failure) {
        String state = sqlState(failure);
        if (state.startsWith("28")) {
            return "its server does not accept the user or the password";
        }
        if (state.equals("3D000")) {
            return "its server has no database of that name";
        }
        String cause = cause(failure);
        return state.startsWith("08") ? "its server does not answer (" + cause + ")" : cause;
    }

    /**
     * The SQL state of the first exception that has one. Class 28 is an invalid authorization, 3D an invalid catalog
     * name (SQL:2023).
     */
    private static String sqlState(Throwable failure) {
        for (Throwable each = failure; each != null; each = next(each)) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** The first line of the deepest cause's message, or the name of its class when the message may hold a password. */
    static String cause(Throwable failure) {
        Throwable deepest = failure;
        while (next(deepest) != null) {
            deepest = next(deepest);
        }
        String message =
                String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
        boolean mayTell = !message.toLowerCase(Locale.ROOT).contains("password")
                && !message.toLowerCase(Locale.ROOT).contains("jdbc:");
        return mayTell ? message : deepest.getClass().getSimpleName();
    }

    @SuppressWarnings("NullAway") // the end of the chain
    private static Throwable next(Throwable failure) {
        return failure.getCause();
    }
}
