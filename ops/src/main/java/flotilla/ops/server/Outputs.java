package flotilla.ops.server;

import flotilla.node.event.EventSink;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.log.AuditLog;
import flotilla.ops.log.EventLogs;
import java.util.List;

/** Where a server tells what happens and what it is told to do: its logs, its audit log and its hooks. */
record Outputs(EventLogs logs, AuditLog audit, EventHooks hooks) {
    /** Takes the node's events. */
    EventSink events() {
        return hooks.queues().isEmpty() ? logs : EventSink.both(logs, hooks);
    }

    /** Opens the logs by their names again: they may have been renamed. */
    void reopen() {
        logs.reopen();
        audit.reopen();
    }

    /** Lines that could not be written so far. */
    long lostLines() {
        return logs.lost() + audit.lost();
    }

    /** To be closed in this order. */
    List<AutoCloseable> all() {
        return List.of(hooks, logs, audit);
    }
}
