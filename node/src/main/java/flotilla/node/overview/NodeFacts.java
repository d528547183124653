package flotilla.node.overview;

import flotilla.cluster.Figures;
import flotilla.node.overview.OverviewMessage.LeaseView;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.SlotsView;
import flotilla.node.refusal.Refusal;
import flotilla.node.trace.TraceRing;
import java.util.List;
import java.util.Optional;

/** The facts about a node that its overview reports. The methods may block, so an actor's thread must not call them. */
public interface NodeFacts {
    /** The state of the node. */
    NodeView view();

    /** The leases that this member keeps, up to {@code limit}. */
    List<LeaseView> leases(int limit);

    /** The slots of users and addresses that this member keeps. */
    List<SlotsView> slots();

    /** The last refusals of this node, as {@link flotilla.node.refusal.RefusalLog#about} tells them. */
    default List<Refusal> refusals(String about, int limit) {
        return List.of();
    }

    /** The trace of this node; empty where none is kept. */
    default Optional<TraceRing> trace() {
        return Optional.empty();
    }

    /** The minutes that this node has counted and the cluster does not have yet. */
    default List<Figures.Minute> figures(Figures.Part part) {
        return List.of();
    }

    /** Number of leases that this member keeps. */
    int leased();
}
