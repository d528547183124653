package flotilla.cluster.accounts;

/** The database failed. The message never contains its URL, which may hold a password. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception for a failure of the driver. */
    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Without a stack trace: the database was not asked, so there is nothing to trace. */
    @SuppressWarnings("NullAway") // no cause
    DatabaseException(String message) {
        super(message, null, false, false);
    }
}
