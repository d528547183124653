package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import flotilla.node.state.Link;
import flotilla.node.transfer.TransferResult;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes lines like vsftpd's own log, so that a search for {@code OK LOGIN}, {@code FAIL UPLOAD} and the like still
 * works.
 */
final class NativeFormat implements EventLogs.Format {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT);

    @Override
    public String line(NodeEvent event) {
        if (event instanceof NodeEvent.Connected connected) {
            return line(connected.link(), "", "CONNECT", "");
        }
        if (event instanceof NodeEvent.LoggedIn login) {
            return line(login.link(), login.user(), "OK LOGIN", login.byCertificate() ? "by certificate" : "");
        }
        if (event instanceof NodeEvent.LoginFailed failed) {
            return line(
                    failed.link(),
                    failed.user(),
                    "FAIL LOGIN",
                    failed.why().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        if (event instanceof NodeEvent.TransferFinished finished) {
            return transfer(finished);
        }
        if (event instanceof NodeEvent.TreeChanged changed) {
            String verb = (changed.done() ? "OK " : "FAIL ") + changed.operation();
            return line(changed.link(), changed.user(), verb, tree(changed));
        }
        if (event instanceof NodeEvent.Refused refused) {
            return now() + " [node] REFUSE: Client \"" + refused.address() + "\", "
                    + refused.why().name().toLowerCase(Locale.ROOT);
        }
        if (event instanceof NodeEvent.Limited limited) {
            return now() + " [node] LIMIT: Client \"" + limited.address() + "\", "
                    + limited.limit().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        if (event instanceof NodeEvent.Banned banned) {
            return now() + " [node] BAN: Client \"" + banned.block() + "\", " + LogText.escaped(banned.reason());
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
                : paths + ", " + changed.reply().code() + ' '
                        + LogText.escaped(changed.reply().text());
    }

    private static String transfer(NodeEvent.TransferFinished event) {
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
                result.isComplete()
                        ? ""
                        : ", " + result.ending().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        return line(event.link(), event.user(), verb, text);
    }

    private static String line(Link link, String user, String verb, String text) {
        StringBuilder line = new StringBuilder(now())
                .append(" [session ")
                .append(link.sessionId())
                .append("] ");
        if (!user.isEmpty()) {
            line.append('[').append(LogText.escaped(user)).append("] ");
        }
        line.append(verb)
                .append(": Client \"")
                .append(link.client().getHostAddress())
                .append('"');
        return text.isEmpty() ? line.toString() : line.append(", ").append(text).toString();
    }

    private static String now() {
        return TIME.format(ZonedDateTime.now(ZoneId.systemDefault()));
    }
}
