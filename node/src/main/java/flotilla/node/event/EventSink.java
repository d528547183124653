package flotilla.node.event;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes the events of a node. Actors' threads call it, so it must not block and must not throw. */
public interface EventSink {
    /** The kinds of commands whose times are told apart. */
    enum Work {
        /** PASS: from its arrival to the answer, without the delay of a refusal. */
        LOGIN,
        /** A command that changes the tree, without transfers. */
        CHANGE,
        /** Any other command without a data connection. */
        OTHER
    }

    /** Takes an event. */
    void accept(NodeEvent event);

    /**
     * Records a change for those who are told of it exactly once. The reply to the client waits for the stage, which ends
     * in a bounded time: with true when the record is on disk or nobody wants it, and with a
     * {@link NotRecordedException} otherwise.
     */
    default CompletionStage<Boolean> record(Change change) {
        return CompletableFuture.completedFuture(true);
    }

    /** Whether {@link #record} would write anything for a change of that kind. Cheap. */
    default boolean records(Change.Kind kind) {
        return false;
    }

    /** Takes the time from the start of a command to its reply, in nanoseconds. */
    default void answered(Work work, long nanos) {}

    /** A sink that passes each event to both. */
    static EventSink both(EventSink one, EventSink other) {
        return new EventSink() {
            @Override
            public void accept(NodeEvent event) {
                one.accept(event);
                other.accept(event);
            }

            @Override
            public CompletionStage<Boolean> record(Change change) {
                return one.record(change).thenCompose(done -> other.record(change));
            }

            @Override
            public boolean records(Change.Kind kind) {
                return one.records(kind) || other.records(kind);
            }

            @Override
            public void answered(Work work, long nanos) {
                one.answered(work, nanos);
                other.answered(work, nanos);
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
