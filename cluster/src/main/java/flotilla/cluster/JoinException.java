package flotilla.cluster;

/** A node could not become a member of its cluster. The message says what was missing. */
public final class JoinException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes an exception with a message for the operator. */
    public JoinException(String message) {
        super(message);
    }
}
