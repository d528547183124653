package flotilla.ops.acme;

import java.time.Instant;
import java.util.Optional;

/** Why there is no certificate this time. The message is for people, and shows no secrets. */
final class AcmeProblem extends Exception {
    private static final int MOST = 500;

    private final transient Optional<Instant> notBefore;

    AcmeProblem(String message) {
        this(message, Optional.empty());
    }

    /**
     * A problem of which the authority says when to try again.
     *
     * @param notBefore that time; empty when it does not say
     */
    AcmeProblem(String message, Optional<Instant> notBefore) {
        super(printable(message));
        this.notBefore = notBefore;
    }

    /** The message, which is never null. */
    String text() {
        return String.valueOf(getMessage());
    }

    Optional<Instant> notBefore() {
        return notBefore;
    }

    /** An authority's words in one line. */
    static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MOST ? line.substring(0, MOST) + "…" : line;
    }
}
