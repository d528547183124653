package flotilla.node.auth;

/** A password as the client sent it. Only {@link #reveal} shows it: no text of this object does. */
public final class Secret {
    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /** The password. */
    public String reveal() {
        return text;
    }

    /** Returns {@code message} without the password, for a log. */
    String hiddenIn(String message) {
        return text.isEmpty() ? message : message.replace(text, "***");
    }

    @Override
    public String toString() {
        return "***";
    }
}
