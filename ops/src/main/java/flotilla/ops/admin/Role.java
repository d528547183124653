package flotilla.ops.admin;

import java.util.Arrays;
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

    private static final String SHORT = "admin";

    /**
     * Reads a role.
     *
     * @param text its name in any case, or {@code admin} for administrator
     * @throws IllegalArgumentException naming the roles, for any other text
     */
    public static Role of(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(role -> role.text().equals(name) || role == ADMINISTRATOR && name.equals(SHORT))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a role is viewer, operator or administrator (or admin), not " + text));
    }

    /** Returns the name in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether this role allows all that another one does. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
