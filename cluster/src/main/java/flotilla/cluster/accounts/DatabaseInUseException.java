package flotilla.cluster.accounts;

/** The embedded database is open in another process, usually the server itself. */
public final class DatabaseInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception with a message for the operator. */
    public DatabaseInUseException() {
        super("The user database is in use by another process.");
    }
}
