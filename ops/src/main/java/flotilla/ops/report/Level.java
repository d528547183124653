package flotilla.ops.report;

/** How serious a finding is. */
public enum Level {
    /** It is as it should be. */
    OK("ok"),
    /** It works, but some clients, or a busy day, will meet trouble. */
    WARN("warn"),
    /** It does not work. */
    FAIL("FAIL");

    private final String word;

    Level(String word) {
        this.word = word;
    }

    /** The word that a line of output begins with. */
    public String word() {
        return word;
    }
}
