package flotilla.ops.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The pages beside the API, for browsers. It is independent of the HTTP library. */
public interface Site extends AutoCloseable {
    /** First segment of the paths of pages. */
    String ROOT = "console";

    /**
     * A request of a browser.
     *
     * @param segments of the path, decoded; empty for {@code /}
     * @param headers by their names in lower case
     * @param from address of the client
     * @param secure whether this server speaks TLS with the client
     */
    record Visit(
            String method,
            List<String> segments,
            Map<String, String> query,
            Map<String, String> headers,
            String from,
            boolean secure,
            byte[] body) {
        public Visit {
            segments = List.copyOf(segments);
            query = Map.copyOf(query);
            headers = Map.copyOf(headers);
        }

        /** Returns a header; empty when there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /**
     * An answer.
     *
     * @param type its media type
     * @param stream gets the stream of an answer that does not end by itself, once; {@code body} is ignored then
     */
    record Page(int status, String type, Map<String, String> headers, byte[] body, Optional<Consumer<Feed>> stream) {
        public Page {
            headers = Map.copyOf(headers);
        }
    }

    /** The rest of an answer that does not end by itself, such as events for a page. No method blocks. */
    interface Feed {
        /**
         * Sends a piece. A reader who is so slow that the buffer is full is cut off.
         *
         * @return false when the reader has gone or was cut off
         */
        boolean send(String text);

        /** Ends the answer in order. */
        void end();

        /** Completes when the reader has gone, or the answer has ended. */
        CompletionStage<Void> ended();
    }

    /** Answers a request. The stage never fails. */
    CompletionStage<Page> answer(Visit visit);

    /** Ends all streams. */
    @Override
    void close();
}
