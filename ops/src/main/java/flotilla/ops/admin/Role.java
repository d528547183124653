package flotilla.ops.admin;

import java.util.Locale;

/** What a token allows. */
public enum Role {
    /** Looking. */
    VIEWER,
    /** Looking, and steering sessions, nodes and bans. */
    OPERATOR,
    /** All of that, and accounts: who has such a token can give himself any access to files. */
    ADMINISTRATOR;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
