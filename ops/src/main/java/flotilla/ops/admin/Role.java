package flotilla.ops.admin;

import java.util.Locale;

/** The permissions of a token. Each role includes those before it. */
public enum Role {
    /** Allows reading. */
    VIEWER,
    /** Allows control of sessions, nodes and bans. */
    OPERATOR,
    /**
     * Allows changes of accounts, of settings, and orders of certificates: a holder of such a token can give himself
     * access to any file.
     */
    ADMINISTRATOR;

    /** Returns the name in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether this role allows all that another one does. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
