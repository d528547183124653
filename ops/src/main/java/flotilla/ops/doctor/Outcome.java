package flotilla.ops.doctor;

import flotilla.ops.report.Level;

/**
 * What a check has found.
 *
 * @param text whole sentences
 * @param remedy whole sentences; empty when there is nothing to do
 */
record Outcome(Level level, String text, String remedy) {
    static Outcome ok(String text) {
        return new Outcome(Level.OK, text, "");
    }

    static Outcome warn(String text, String remedy) {
        return new Outcome(Level.WARN, text, remedy);
    }

    static Outcome fail(String text, String remedy) {
        return new Outcome(Level.FAIL, text, remedy);
    }

    /** What a system without such a value has. */
    static Outcome unknown() {
        return ok("Not known on this system.");
    }
}
