package flotilla.ops.event;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A receiver of events outside. Several deliveries may be under way at a time. */
public interface EventTarget extends AutoCloseable {
    /**
     * An event on its way.
     *
     * @param id of the event; the same at each attempt
     * @param type such as {@code flotilla.upload}
     * @param json the event in the structured form of CloudEvents 1.0
     * @param attempt number of this attempt, from 1
     */
    record Message(String id, String type, String json, int attempt) {}

    /**
     * The answer to an event.
     *
     * @param accepted whether it was acknowledged, and is sent no more
     * @param text what the target said, for people; without secrets
     * @param after time that the target asks for before the next attempt
     */
    record Answer(boolean accepted, String text, Optional<Duration> after) {
        /** An acknowledgement. */
        public static Answer yes(String text) {
            return new Answer(true, text, Optional.empty());
        }

        /** A failure. */
        public static Answer no(String text) {
            return new Answer(false, text, Optional.empty());
        }
    }

    /** Sends an event. Does not block. A stage that fails counts as a failure. */
    CompletionStage<Answer> send(Message message);

    /** Longest time for one attempt. Later, it counts as failed. */
    Duration timeout();

    /** Ends what the target holds. */
    @Override
    default void close() {}
}
