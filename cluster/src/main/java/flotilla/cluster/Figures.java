package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What the nodes have counted in each of the last minutes. The members keep it, so that it outlives the nodes that have
 * counted it. A minute is dropped after {@value #HOURS} hours.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}.
 */
public interface Figures {
    /** Hours for which a minute is kept: a day, and a little for clocks that differ. */
    int HOURS = 25;

    /**
     * A minute of a node. A node that starts again within a minute has two of them.
     *
     * @param node name of the node
     * @param minute minutes since 1970
     * @param figures one for each name that has any
     */
    record Minute(
            @Tag(1) String node,
            @Tag(2) long minute,
            @Tag(3) List<Figure> figures) {
        public Minute {
            figures = List.copyOf(figures);
        }
    }

    /**
     * The figures of a name. Bytes are those of data connections, without TLS.
     *
     * @param kind what the name names: {@code node}, {@code cause}, {@code user} or {@code address}
     * @param name empty for the rest, which has no names of its own
     * @param sessions number of sessions at the end of the minute, of nodes alone
     * @param logins logins that succeeded
     * @param failures refusals, failed logins and early ends
     * @param filesIn uploads that succeeded
     * @param filesOut downloads that succeeded
     * @param bytesIn bytes of uploads, also of those that failed
     * @param bytesOut bytes of downloads and listings, also of those that failed
     */
    record Figure(
            @Tag(1) String kind,
            @Tag(2) String name,
            @Tag(3) int sessions,
            @Tag(4) long logins,
            @Tag(5) long failures,
            @Tag(6) long filesIn,
            @Tag(7) long filesOut,
            @Tag(8) long bytesIn,
            @Tag(9) long bytesOut) {
        /** The sums of two figures of the same name. */
        public Figure plus(Figure other) {
            return new Figure(
                    kind,
                    name,
                    sessions + other.sessions,
                    logins + other.logins,
                    failures + other.failures,
                    filesIn + other.filesIn,
                    filesOut + other.filesOut,
                    bytesIn + other.bytesIn,
                    bytesOut + other.bytesOut);
        }
    }

    /** The parts of a minute, which are kept apart because most readers want the totals alone. */
    enum Part {
        /** The figures of the node and of causes. */
        TOTALS,
        /** The figures of users and addresses. */
        NAMES
    }

    /** Keeps a part of a minute of this node. An earlier one of the same start of the node is replaced. */
    CompletionStage<Void> keep(Part part, Minute minute);

    /** This part of all minutes from {@code first} on, of all nodes, in no order. */
    CompletionStage<List<Minute>> since(Part part, long first);
}
