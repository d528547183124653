package flotilla.node.control;

import flotilla.node.protocol.Reply;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The time limits of a control connection. Times are in nanoseconds, as {@link System#nanoTime} gives them. Safe for
 * many threads.
 */
final class Patience {
    /**
     * A time limit that is exceeded.
     *
     * @param reply the last reply; empty when the client reads none
     */
    record Overdue(Optional<Reply> reply, String reason) {}

    private final Supplier<ControlSettings> settings;
    private final long accepted;
    private volatile long loginSince;
    private volatile long lastActivity;
    private volatile long blockedSince;
    private volatile boolean loggedIn;
    private volatile boolean transferring;

    Patience(Supplier<ControlSettings> settings, long accepted) {
        this.settings = settings;
        this.accepted = accepted;
        this.loginSince = accepted;
        this.lastActivity = accepted;
    }

    /** Notes that the client sent something, or that a line of it was handled. */
    void touched(long now) {
        lastActivity = now;
    }

    void loginBegins(long now) {
        loggedIn = false;
        loginSince = now;
    }

    void loggedIn() {
        loggedIn = true;
    }

    void transferring(boolean on, long now) {
        transferring = on;
        lastActivity = now;
    }

    /** Returns true when no transfer runs and the client has said nothing for this time. */
    boolean isQuiet(long nanos, long now) {
        return !transferring && now - lastActivity >= nanos;
    }

    boolean isLoggedIn() {
        return loggedIn;
    }

    boolean isTransferring() {
        return transferring;
    }

    /**
     * Returns the limit that is exceeded, if one is. Called about every second.
     *
     * @param blocked true while replies wait for the client to read them
     */
    Optional<Overdue> overdue(boolean blocked, long now) {
        if (blocked) {
            blockedSince = blockedSince == 0 ? now : blockedSince;
            return now - blockedSince > settings.get().times().write().toNanos()
                    ? Optional.of(new Overdue(Optional.empty(), "client does not read replies"))
                    : Optional.empty();
        }
        blockedSince = 0;
        if (!loggedIn && now - loginSince > settings.get().times().login().toNanos()) {
            return goodbye("Login timeout.", "login timeout");
        }
        if (transferring) {
            return Optional.empty();
        }
        if (now - lastActivity > settings.get().times().idle().toNanos()) {
            return goodbye("Idle timeout.", "idle timeout");
        }
        return now - accepted > settings.get().times().lifetime().toNanos()
                ? goodbye("Session lifetime is over, please reconnect.", "lifetime over")
                : Optional.empty();
    }

    private static Optional<Overdue> goodbye(String text, String reason) {
        return Optional.of(new Overdue(Optional.of(Reply.of(421, text)), reason));
    }
}
