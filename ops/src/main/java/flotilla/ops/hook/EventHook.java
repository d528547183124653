package flotilla.ops.hook;

import flotilla.node.event.NodeEvent;

/**
 * Receives the events of this node: connections, logins, transfers, changes of files. Events come one at a time, in the
 * order in which they happened, on a thread of this hook's own. The hook may block that thread. Meanwhile up to
 * {@code flotilla.hooks.queue} events wait. The node drops further ones and counts them. An event comes at most once: a
 * process that dies loses the events that wait.
 *
 * <p>Later releases add kinds of events. A hook skips the kinds that it does not know. Commands of a protocol trace
 * ({@link NodeEvent.Exchanged}) do not come.
 */
public interface EventHook {
    /**
     * Receives an event.
     *
     * @throws Exception counted, and logged at most once a minute; the next event comes all the same
     */
    void on(NodeEvent event) throws Exception;

    /** Frees the hook's resources. Called once, after the last event, on the hook's thread. */
    default void close() throws Exception {}
}
