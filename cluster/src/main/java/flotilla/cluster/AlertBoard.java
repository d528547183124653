package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What the nodes report for alerts, and the alerts of the cluster. One node at a time, the oldest member, compares the
 * readings with the rules. It keeps the alerts here, so that the next oldest goes on where it ended.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}.
 */
public interface AlertBoard {
    /** Seconds for which the readings of a node are kept. A node posts again before that. */
    int KEPT_SECONDS = 20;

    /**
     * One value that a node reports.
     *
     * @param kind what was measured, such as {@code sessions}
     * @param subject what it was measured of, such as the name of a certificate; empty where there is only one
     * @param value in the unit of the kind
     * @param text more for people; may be empty
     */
    record Reading(
            @Tag(1) String kind,
            @Tag(2) String subject,
            @Tag(3) double value,
            @Tag(4) String text) {}

    /**
     * The readings of one node.
     *
     * @param node name of the node
     */
    record NodeReadings(@Tag(1) String node, @Tag(2) List<Reading> readings) {
        public NodeReadings {
            readings = List.copyOf(readings);
        }
    }

    /**
     * An alert, firing or resolved. A resolved one is kept until all targets were told.
     *
     * @param id random; a receiver can use it to recognize what it was told twice
     * @param rule name of the rule
     * @param subject what the rule has found; empty where there is only one
     * @param level 1, or a higher number for a worse threshold of the rule
     * @param firing false once it is resolved
     * @param value the value with which it has got its level, or was resolved
     * @param text the same as a sentence for people
     * @param since when it began to fire, in milliseconds of the epoch
     * @param told the targets that were told of this level, or that it is resolved
     */
    record Alert(
            @Tag(1) String id,
            @Tag(2) String rule,
            @Tag(3) String subject,
            @Tag(4) int level,
            @Tag(5) boolean firing,
            @Tag(6) double value,
            @Tag(7) String text,
            @Tag(8) long since,
            @Tag(9) Set<String> told) {
        public Alert {
            told = Set.copyOf(told);
        }

        /** The key of the alert among all alerts: there is one of a rule and subject. */
        public String key() {
            return rule + '\n' + subject;
        }
    }

    /** Whether this node is the oldest member, and may write. Cheap. */
    boolean isEvaluator();

    /** Posts what this node reads now, in place of its former readings. */
    CompletionStage<Void> post(NodeReadings readings);

    /**
     * The readings of all members.
     *
     * @return each member's; a member that has posted none lately has no entry
     */
    CompletionStage<List<NodeReadings>> readings();

    /** The number of members. Cheap. */
    int members();

    /** The names of the members that have posted their state on the {@link NodeBoard}. Cheap. */
    Set<String> names();

    /** The alerts by their {@link Alert#key}, also those that are resolved and not told yet. */
    CompletionStage<Map<String, Alert>> alerts();

    /** The same from this node's memory, some milliseconds old. Never blocks. */
    List<Alert> known();

    /** Keeps an alert, in place of one with the same key. */
    CompletionStage<Void> put(Alert alert);

    /** Removes an alert. */
    CompletionStage<Void> remove(Alert alert);

    /**
     * Milliseconds by which this node's clock is ahead of the oldest member's; negative when it is behind. It is
     * measured about once a minute, and holds the time of one message. Cheap.
     */
    long clockAhead();
}
