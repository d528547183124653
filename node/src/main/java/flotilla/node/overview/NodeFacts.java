package flotilla.node.overview;

import flotilla.node.overview.OverviewMessage.LeaseView;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.SlotsView;
import java.util.List;

/** The facts about a node that its overview reports. The methods may block, so an actor's thread must not call them. */
public interface NodeFacts {
    /** The state of the node. */
    NodeView view();

    /** The leases that this member keeps, up to {@code limit}. */
    List<LeaseView> leases(int limit);

    /** The slots of users and addresses that this member keeps. */
    List<SlotsView> slots();

    /** Number of leases that this member keeps. */
    int leased();
}
