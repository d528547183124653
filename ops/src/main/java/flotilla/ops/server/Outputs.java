package flotilla.ops.server;

import flotilla.node.event.EventSink;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.log.AuditLog;
import flotilla.ops.log.EventLogs;
import java.util.List;
import java.util.stream.Stream;

/** The outputs of a server: its logs, its audit log and its hooks. */
record Outputs(EventLogs logs, AuditLog audit, EventHooks hooks) {
    /** Returns the receiver of the node's events. */
    EventSink events() {
        return hooks.queues().isEmpty() ? logs : EventSink.both(logs, hooks);
    }

    /** Opens the logs again by their names, because they may have been renamed. */
    void reopen() {
        logs.reopen();
        audit.reopen();
    }

    /** Returns the logs whose lines cannot be written now. */
    List<String> failing() {
        return Stream.concat(logs.failing().stream(), audit.isFailing() ? Stream.of("audit") : Stream.of())
                .toList();
    }

    /** Returns the number of lines that were lost so far. */
    long lostLines() {
        return logs.lost() + audit.lost();
    }
}
