package flotilla.ops.event;

import flotilla.node.event.Change;
import flotilla.node.event.Reasons;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of events. Those of changes are told exactly once; the others at most once. */
public enum EventKind {
    UPLOAD,
    COPY,
    DELETE,
    RENAME,
    MKDIR,
    RMDIR,
    DOWNLOAD,
    LOGIN,
    LOGOUT,
    LOGIN_REFUSED,
    BAN,
    QUOTA_REACHED,
    INFECTED,
    NODE_JOINED,
    NODE_LEFT,
    NODE_LOST,
    DRAIN,
    CERTIFICATE_CHANGED,
    /** An event that an operator asks for. No rule chooses it. */
    TEST;

    /** Returns the name in rules, such as {@code login-refused}. */
    public String text() {
        return Reasons.name(this);
    }

    /** Returns the kind of that name, among those that a rule can choose. */
    public static Optional<EventKind> named(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind != TEST && kind.text().equals(text))
                .findFirst();
    }

    /** Returns the kind of a change. */
    static EventKind of(Change.Kind kind) {
        return valueOf(kind.name());
    }
}
