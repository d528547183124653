package flotilla.ops.alert;

import java.io.IOException;

/** Someone who is told alerts. It may block, and be called by two threads at once. */
interface Target extends AutoCloseable {
    /** Name in the configuration and in messages. */
    String name();

    /**
     * Tells an alert.
     *
     * @throws IOException when the target has not taken it; the message is for people and has no secrets
     */
    void tell(Notice notice) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
