package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Alert;
import java.time.Instant;

/**
 * What a target is told.
 *
 * @param cluster name of the cluster
 * @param node name of the node that tells
 * @param time when it happened
 */
public record Notice(Alert alert, String cluster, String node, Instant time) {
    /** Returns {@code firing} or {@code resolved}. */
    public String state() {
        return alert.firing() ? "firing" : "resolved";
    }

    /** Returns the alert in a line: the state, the rule, and the sentence. */
    public String title() {
        return (state() + ": " + alert.rule() + ": " + alert.text()).replaceAll("\\p{Cntrl}", "?");
    }
}
