package flotilla.ops.log;

import flotilla.node.event.NodeEvent;

/** Puts the priority before each line as {@code <N>}, which the journal of systemd reads (sd-daemon(3)). */
record JournalFormat(EventLogs.Format inner) implements EventLogs.Format {
    @Override
    public String line(NodeEvent event) {
        String line = inner.line(event);
        return line.isEmpty() ? "" : "<" + Severity.of(event) + ">" + line;
    }
}
