package flotilla.node.access;

/** A part of a line that is not supported. The message says what. */
final class Unclear extends Exception {
    private static final long serialVersionUID = 1L;

    Unclear(String message) {
        super(message);
    }
}
