package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.ScanResult;

/** The severity of an event, as syslog numbers it (RFC 5424, section 6.2.1). */
final class Severity {
    static final int WARNING = 4;
    static final int INFORMATIONAL = 6;

    private Severity() {}

    static int of(NodeEvent event) {
        boolean refused = event instanceof NodeEvent.LoginFailed
                || event instanceof NodeEvent.Refused
                || event instanceof NodeEvent.Limited
                || event instanceof NodeEvent.Banned
                || event instanceof NodeEvent.NoDataConnection
                || event instanceof NodeEvent.StrayDataConnection
                || event instanceof NodeEvent.Scanned scanned && scanned.result() != ScanResult.CLEAN
                || event instanceof NodeEvent.TransferFinished finished
                        && !finished.result().isComplete();
        return refused ? WARNING : INFORMATIONAL;
    }
}
