package flotilla.ops.hook;

import flotilla.node.event.NodeEvent;

/**
 * Is told what happens on this node: connections, logins, transfers, changes of files. Events come one at a time, in
 * the order in which they happened, on a thread of this hook's own. The hook may block that thread. Meanwhile up to
 * {@code flotilla.hooks.queue} events wait; the node drops those beyond it and counts them. Each event comes at most
 * once, for a process that dies takes with it what waits.
 *
 * <p>Later releases add kinds of events: a hook skips a kind that it does not know. Commands of a protocol trace
 * ({@link NodeEvent.Exchanged}) do not come.
 */
public interface EventHook {
    /**
     * Takes an event.
     *
     * @throws Exception counted and logged once a minute; the next event comes all the same
     */
    void on(NodeEvent event) throws Exception;

    /** Called once, after the last event, on the hook's thread. */
    default void close() throws Exception {}
}
