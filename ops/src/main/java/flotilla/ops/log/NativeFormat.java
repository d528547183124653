package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.state.Link;
import flotilla.node.transfer.TransferResult;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes lines as vsftpd does, so that filters and searches made for it work, such as fail2ban's. Facts that vsftpd does
 * not know come behind a semicolon: the code of the reply, the session, the node and the offset of its clock's zone.
 */
final class NativeFormat implements EventLogs.Format {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT);
    private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("xx", Locale.ROOT);
    private static final int NO_REPLY = 0;

    private final String node;
    private final String process = " [pid " + ProcessHandle.current().pid() + "] ";

    /** @param node name of this node */
    NativeFormat(String node) {
        this.node = node;
    }

    @Override
    public String line(NodeEvent event) {
        if (event instanceof NodeEvent.Connected connected) {
            return line(connected.link(), "", "CONNECT", "", NO_REPLY);
        }
        if (event instanceof NodeEvent.LoggedIn login) {
            return login.byCertificate()
                    ? line(login.link(), login.user(), "OK LOGIN", "by certificate", 232)
                    : line(login.link(), login.user(), "OK LOGIN", "", 230);
        }
        if (event instanceof NodeEvent.LoginFailed failed) {
            return line(failed.link(), failed.user(), "FAIL LOGIN", Reasons.name(failed.why()), failed.code());
        }
        if (event instanceof NodeEvent.TransferFinished finished) {
            return transfer(finished);
        }
        if (event instanceof NodeEvent.TreeChanged changed) {
            String verb = (changed.done() ? "OK " : "FAIL ") + changed.operation();
            return line(
                    changed.link(),
                    changed.user(),
                    verb,
                    tree(changed),
                    changed.reply().code());
        }
        if (event instanceof NodeEvent.Refused refused) {
            return line("REFUSE", refused.address(), Reasons.name(refused.why()));
        }
        if (event instanceof NodeEvent.Limited limited) {
            return line("LIMIT", limited.address(), Reasons.name(limited.limit()));
        }
        if (event instanceof NodeEvent.Banned banned) {
            return line("BAN", banned.block(), LogText.escaped(banned.reason()));
        }
        return "";
    }

    private static String tree(NodeEvent.TreeChanged changed) {
        String path = '"' + LogText.escaped(changed.path()) + '"';
        String paths = changed.source()
                .map(source -> '"' + LogText.escaped(source) + "\" to " + path)
                .orElse(path);
        return changed.done()
                ? paths
                : paths + ", " + LogText.escaped(changed.reply().text());
    }

    private String transfer(NodeEvent.TransferFinished event) {
        TransferResult result = event.result();
        if (event.transfer() instanceof flotilla.node.transfer.Transfer.SendListing) {
            return "";
        }
        String verb =
                (result.isComplete() ? "OK " : "FAIL ") + (event.transfer().isUpload() ? "UPLOAD" : "DOWNLOAD");
        double rate = result.millis() == 0 ? 0 : result.bytes() / 1.024 / result.millis();
        String text = String.format(
                Locale.ROOT,
                "\"%s\", %d bytes, %.2fKbyte/sec%s",
                LogText.escaped(event.transfer().path()),
                result.bytes(),
                rate,
                result.isComplete() ? "" : ", " + Reasons.name(result.ending()));
        return line(event.link(), event.user(), verb, text, event.code());
    }

    /** Returns a line about a session. */
    private String line(Link link, String user, String verb, String text, int code) {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        StringBuilder line = new StringBuilder(TIME.format(now)).append(process);
        if (!user.isEmpty()) {
            line.append('[').append(LogText.escaped(user)).append("] ");
        }
        line.append(verb).append(": Client \"").append(link.client().getHostAddress());
        line.append('"').append(text.isEmpty() ? "" : ", ").append(text).append(';');
        if (code != NO_REPLY) {
            line.append(" reply=").append(code);
        }
        return ending(line.append(" session=").append(link.sessionId()), link.controlNode(), now);
    }

    /** Returns a line about something before or beside all sessions. */
    private String line(String verb, String client, String text) {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        StringBuilder line = new StringBuilder(TIME.format(now)).append(process);
        return ending(
                line.append(verb)
                        .append(": Client \"")
                        .append(client)
                        .append("\", ")
                        .append(text)
                        .append(';'),
                node,
                now);
    }

    private static String ending(StringBuilder line, String node, ZonedDateTime now) {
        return line.append(" node=")
                .append(node)
                .append(" zone=")
                .append(ZONE.format(now))
                .toString();
    }
}
