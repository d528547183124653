package flotilla.node.event;

import java.util.Locale;

/** The names of reasons. Logs, metrics, the admin API and the documentation use the same ones. */
public final class Reasons {
    private Reasons() {}

    /** Returns the name of a constant, such as {@code wrong-password}. */
    public static String name(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
