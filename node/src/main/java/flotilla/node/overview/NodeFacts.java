package flotilla.node.overview;

import flotilla.node.overview.OverviewMessage.LeaseView;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.SlotsView;
import java.util.List;

/** What the overview asks its node. May take a while: never called on an actor's thread. */
public interface NodeFacts {
    NodeView view();

    /** The leases that this member looks after, up to {@code limit}. */
    List<LeaseView> leases(int limit);

    /** The slots of users' and addresses' limits that this member looks after. */
    List<SlotsView> slots();

    /** How many leases this member looks after. */
    int leased();
}
