package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import flotilla.node.transfer.Transfer;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes wu-ftpd's xferlog: one line for each file transfer. Spaces separate the fields, in the order of its manual
 * page.
 */
final class XferlogFormat implements EventLogs.Format {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss yyyy", Locale.ROOT);

    @Override
    public String line(NodeEvent event) {
        if (!(event instanceof NodeEvent.TransferFinished finished)
                || finished.transfer() instanceof Transfer.SendListing) {
            return "";
        }
        Transfer transfer = finished.transfer();
        boolean ascii = transfer instanceof Transfer.Send send ? send.ascii() : ((Transfer.Receive) transfer).ascii();
        return String.join(
                " ",
                TIME.format(ZonedDateTime.now(ZoneId.systemDefault())),
                Long.toString(Math.max(1, finished.result().millis() / 1000)),
                finished.link().client().getHostAddress(),
                Long.toString(finished.result().bytes()),
                field(transfer.path()),
                ascii ? "a" : "b",
                "_",
                transfer.isUpload() ? "i" : "o",
                "r",
                field(finished.user()),
                finished.tls() ? "ftps" : "ftp",
                "0",
                "*",
                finished.result().isComplete() ? "c" : "i");
    }

    /** Returns a name as one field. Spaces and control characters become underscores, as in wu-ftpd. */
    private static String field(String text) {
        return LogText.escaped(text).replace(' ', '_');
    }
}
