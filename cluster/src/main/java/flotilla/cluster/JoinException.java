package flotilla.cluster;

/** A node could not become a member of its cluster; the message says what was missing. */
public final class JoinException extends Exception {
    private static final long serialVersionUID = 1L;

    public JoinException(String message) {
        super(message);
    }
}
