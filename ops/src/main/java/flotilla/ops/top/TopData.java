package flotilla.ops.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a cluster does at one time, as far as the screen shows it.
 *
 * @param sessions a page of sessions, as the API has them
 * @param matched number of sessions that match the filter in all
 * @param nodes the nodes that answered
 * @param causes the most frequent causes of refusals of the last quarter of an hour
 * @param in bytes a second of uploads of the whole cluster; negative when not known yet
 * @param out bytes a second of downloads and listings; negative when not known yet
 * @param silent names of nodes that did not answer
 * @param problem why the API did not answer; empty when it did
 */
record TopData(
        List<JsonNode> sessions,
        int matched,
        List<JsonNode> nodes,
        List<JsonNode> causes,
        long in,
        long out,
        List<String> silent,
        String problem) {
    static final TopData NONE = new TopData(List.of(), 0, List.of(), List.of(), -1, -1, List.of(), "");

    TopData {
        sessions = List.copyOf(sessions);
        nodes = List.copyOf(nodes);
        causes = List.copyOf(causes);
        silent = List.copyOf(silent);
    }

    /** Returns the same, with the news that the API does not answer. */
    TopData failed(String why) {
        return new TopData(sessions, matched, nodes, causes, in, out, silent, why);
    }
}
