package flotilla.node.event;

/** Takes the events of a node. Actors' threads call it, so it must not block and must not throw. */
public interface EventSink {
    /** Takes an event. */
    void accept(NodeEvent event);

    /** A sink that passes each event to both. */
    static EventSink both(EventSink one, EventSink other) {
        return new EventSink() {
            @Override
            public void accept(NodeEvent event) {
                one.accept(event);
                other.accept(event);
            }

            @Override
            public boolean traces(String user, String address, String session) {
                return one.traces(user, address, session) || other.traces(user, address, session);
            }
        };
    }

    /** Returns true when this sink wants {@link NodeEvent.Exchanged} events for this user, address or session now. */
    default boolean traces(String user, String address, String session) {
        return false;
    }
}
