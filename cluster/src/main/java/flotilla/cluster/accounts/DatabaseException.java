package flotilla.cluster.accounts;

/** The database failed. The message never holds its URL. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Nothing was tried, so that there is nothing to trace. */
    @SuppressWarnings("NullAway") // no cause
    DatabaseException(String message) {
        super(message, null, false, false);
    }
}
