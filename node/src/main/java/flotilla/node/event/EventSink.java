package flotilla.node.event;

/** Takes what happens. Called on actors' threads: must not block; throws nothing. */
public interface EventSink {
    void accept(NodeEvent event);

    /** Whether somebody wants {@link NodeEvent.Exchanged} for this user or address now. */
    default boolean traces(String user, String address) {
        return false;
    }
}
