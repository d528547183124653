package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Puts the header of syslog (RFC 5424, section 6) before each line, without structured data. */
final class SyslogFormat implements EventLogs.Format {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int SEVERITIES = 8;
    private static final int MOST_HOST = 255;

    private final EventLogs.Format inner;
    private final int facility;
    private final String host;
    private final Clock clock;
    private final long process = ProcessHandle.current().pid();

    /**
     * Wraps a format.
     *
     * @param facility its number
     * @param node name of this node, sent as the host
     */
    SyslogFormat(EventLogs.Format inner, int facility, String node, Clock clock) {
        this.inner = inner;
        this.facility = facility;
        this.host = host(node);
        this.clock = clock;
    }

    /** Only printable characters of US-ASCII are allowed, and no spaces. */
    private static String host(String node) {
        String printable = node.replaceAll("[^!-~]", "?");
        return printable.isEmpty() ? "-" : printable.substring(0, Math.min(MOST_HOST, printable.length()));
    }

    @Override
    public String line(NodeEvent event) {
        String line = inner.line(event);
        if (line.isEmpty()) {
            return "";
        }
        return "<" + (facility * SEVERITIES + Severity.of(event)) + ">1 " + TIME.format(clock.instant()) + ' ' + host
                + " flotilla " + process + ' ' + event.getClass().getSimpleName() + " - " + line;
    }
}
