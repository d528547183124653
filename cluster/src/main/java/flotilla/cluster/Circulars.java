package flotilla.cluster;

import java.util.function.Consumer;

/**
 * Texts that one node sends to all others. Each node gets a text at most once. One that is away misses it, and those
 * of several nodes come in any order.
 */
public interface Circulars {
    /** Most characters of a text. */
    int MAX_TEXT = 65_536;

    /** The circulars of a node without others. */
    Circulars ALONE = new Circulars() {
        @Override
        public void send(String subject, String text) {
            // nobody is there
        }

        @Override
        public AutoCloseable onText(String subject, Consumer<String> listener) {
            return () -> {};
        }
    };

    /**
     * Sends a text to the other nodes that are there now. Does not wait, and tells nothing of a failure. A longer text
     * than {@link #MAX_TEXT} is not sent.
     *
     * @param subject tells apart what listeners wait for; one of a few fixed words
     */
    void send(String subject, String text);

    /** Calls {@code listener} with the texts of the other nodes, until the result is closed. It must not block. */
    AutoCloseable onText(String subject, Consumer<String> listener);
}
