package flotilla.ops.admin;

import java.util.List;

/** Reads again all that can change without a restart. */
@FunctionalInterface
public interface Reload {
    /**
     * What a reload has done.
     *
     * @param changed the keys that have new values from now on
     * @param pending the keys whose new values need a restart
     */
    record Report(List<String> changed, List<String> pending) {
        public Report {
            changed = List.copyOf(changed);
            pending = List.copyOf(pending);
        }
    }

    /** Something cannot be used. What was in use stays in use. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        /** Creates the refusal, with a message for operators. */
        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Reads it again.
     *
     * @throws Refused when something cannot be used
     */
    Report perform() throws Refused;
}
