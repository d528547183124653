package flotilla.node.event;

/** Takes what happens. Called on actors' threads: must not block; throws nothing. */
public interface EventSink {
    void accept(NodeEvent event);

    /** Tells both. */
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

    /** Whether somebody wants {@link NodeEvent.Exchanged} for this user, address or session now. */
    default boolean traces(String user, String address, String session) {
        return false;
    }
}
