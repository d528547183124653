package flotilla.ops.alert;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is watched, and who is told.
 *
 * @param sessions sessions in the cluster
 * @param loginFailures failed logins a minute in the cluster
 * @param bans addresses that were banned automatically in the last minute, in the cluster
 * @param storage used percent of a file system of a store
 * @param quota used percent of a user's quota
 * @param nodeLost how long a node must be away that has not left in order; zero for no such alert
 * @param nodeFlaps how often in ten minutes a node must go; 0 for no such alert
 * @param passiveClients clients in a row, all different, whose transfers got no data connection; 0 for no such alert
 * @param clockSkew difference of a node's clock from that of the oldest one; zero for no such alert
 * @param targets who is told
 */
public record AlertSettings(
        Threshold sessions,
        Threshold loginFailures,
        Threshold bans,
        Threshold storage,
        Threshold quota,
        Duration nodeLost,
        int nodeFlaps,
        int passiveClients,
        Duration clockSkew,
        Targets targets) {

    /**
     * The bounds of a rule.
     *
     * @param fireAbove fires above it; 0 for never
     * @param clearBelow resolved below it; at most {@code fireAbove}
     */
    public record Threshold(int fireAbove, int clearBelow) {
        /** Never fires. */
        public static final Threshold OFF = new Threshold(0, 0);
    }

    /**
     * The targets.
     *
     * @param log whether the log of the server tells alerts
     * @param queue most alerts that wait for a target
     * @param tries most attempts to tell a target
     */
    public record Targets(
            boolean log,
            Optional<Webhook> webhook,
            Optional<Mail> mail,
            Optional<Command> command,
            int queue,
            int tries) {}

    /**
     * A receiver of HTTP requests.
     *
     * @param ca certificates in PEM to trust instead of the system's
     */
    public record Webhook(String url, Optional<Path> ca, Duration timeout) {
        @Override
        public String toString() {
            return "webhook";
        }
    }

    /** A program: the path and its arguments. */
    public record Command(List<String> arguments, Duration timeout) {
        public Command {
            arguments = List.copyOf(arguments);
        }
    }

    /** How a mail server is reached. */
    public enum MailTls {
        /** RFC 3207. The mail is not sent when the server does not offer it. */
        STARTTLS,
        /** TLS from the first byte (RFC 8314). */
        IMPLICIT,
        /** In clear: only for a relay on this machine. */
        OFF
    }

    /**
     * A mail server.
     *
     * @param ca certificates in PEM to trust instead of the system's
     * @param user empty when the server asks for none
     * @param passwordFile a file whose first line is the password
     */
    public record Mail(
            String host,
            int port,
            MailTls tls,
            Optional<Path> ca,
            String user,
            Optional<Path> passwordFile,
            String from,
            List<String> to,
            Duration timeout) {
        public Mail {
            to = List.copyOf(to);
        }
    }
}
