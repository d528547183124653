package flotilla.node.control;

import flotilla.node.protocol.Reply;
import java.util.Optional;

/** How long a control connection may keep the server waiting. Times are {@link System#nanoTime}; told by any thread. */
final class Patience {
    /** What took too long. @param reply to say at the end; empty when the client reads none */
    record Overdue(Optional<Reply> reply, String reason) {}

    private final ControlSettings settings;
    private final long accepted;
    private volatile long loginSince;
    private volatile long lastActivity;
    private volatile long blockedSince;
    private volatile boolean loggedIn;
    private volatile boolean transferring;

    Patience(ControlSettings settings, long accepted) {
        this.settings = settings;
        this.accepted = accepted;
        this.loginSince = accepted;
        this.lastActivity = accepted;
    }

    /** The client sent something, or something of it was dealt with. */
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

    /** Whether the client waits for nothing and has said nothing for some time. */
    boolean isQuiet(long nanos, long now) {
        return !transferring && now - lastActivity >= nanos;
    }

    boolean isTransferring() {
        return transferring;
    }

    /** To be asked about every second. @param blocked whether replies wait for the client to read */
    Optional<Overdue> overdue(boolean blocked, long now) {
        if (blocked) {
            blockedSince = blockedSince == 0 ? now : blockedSince;
            return now - blockedSince > settings.writeTimeout().toNanos()
                    ? Optional.of(new Overdue(Optional.empty(), "client does not read replies"))
                    : Optional.empty();
        }
        blockedSince = 0;
        if (!loggedIn && now - loginSince > settings.loginTimeout().toNanos()) {
            return goodbye("Login timeout.", "login timeout");
        }
        if (transferring) {
            return Optional.empty();
        }
        if (now - lastActivity > settings.idleTimeout().toNanos()) {
            return goodbye("Idle timeout.", "idle timeout");
        }
        return now - accepted > settings.maxLifetime().toNanos()
                ? goodbye("Session lifetime is over, please reconnect.", "lifetime over")
                : Optional.empty();
    }

    private static Optional<Overdue> goodbye(String text, String reason) {
        return Optional.of(new Overdue(Optional.of(Reply.of(421, text)), reason));
    }
}
