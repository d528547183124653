package flotilla.ops.acme;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The attempts since the last certificate, which all nodes share.
 *
 * @param failures number of failed attempts in a row
 * @param next before that time no node tries again by itself
 * @param message what went wrong the last time; empty for nothing
 */
record Attempts(int failures, Instant next, String message) {
    static final Attempts NONE = new Attempts(0, Instant.EPOCH, "");

    /** Enough for a balancer to see that a node which has just started is ready. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);

    /** Five attempts in the first hour: Let's Encrypt allows as many failures for a name. */
    private static final int FACTOR = 4;

    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
    /** An authority that asks for more patience is asked again after that time. */
    private static final Duration MOST_PATIENCE = Duration.ofDays(8);

    /**
     * Pause after a certificate. Nodes with different names in their configurations, as while they are restarted one
     * by one, would replace each other's certificate without end.
     */
    private static final Duration REST = Duration.ofHours(1);

    private static final int LIVES = 6;
    private static final int MOST_FAILURES = 1_000;

    /** There is a certificate for {@code life}. */
    static Attempts succeeded(Duration life, Instant now) {
        Duration part = life.dividedBy(LIVES);
        return new Attempts(0, now.plus(part.compareTo(REST) < 0 ? part : REST).truncatedTo(ChronoUnit.SECONDS), "");
    }

    /** Adds a failure. The pauses grow up to six hours; the authority may ask for a longer one. */
    Attempts failed(AcmeProblem problem, Instant now) {
        int count = Math.min(MOST_FAILURES, failures + 1);
        Duration pause = FIRST_PAUSE.multipliedBy((long) Math.pow(FACTOR, Math.min(count - 1, 10)));
        Instant own = now.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        Instant asked = problem.notBefore().orElse(own);
        Instant last = now.plus(MOST_PATIENCE);
        Instant later = asked.isAfter(own) ? asked : own;
        return new Attempts(
                count, (later.isAfter(last) ? last : later).truncatedTo(ChronoUnit.SECONDS), problem.text());
    }

    boolean mayTry(Instant now) {
        return !now.isBefore(next);
    }

    String text() {
        return failures + "\n" + next + "\n" + message;
    }

    /** Reads {@link #text}; nothing that makes sense stands for no attempt. */
    static Attempts parse(String text) {
        List<String> lines = List.of(text.split("\n", 3));
        try {
            return lines.size() == 3
                    ? new Attempts(Integer.parseInt(lines.get(0)), Instant.parse(lines.get(1)), lines.get(2))
                    : NONE;
        } catch (RuntimeException unreadable) {
            return NONE;
        }
    }

    /** Says in words what went wrong and when the next attempt is; empty when nothing went wrong. */
    Optional<String> words() {
        return failures == 0 ? Optional.empty() : Optional.of(message + " (the next attempt is at " + next + ")");
    }
}
