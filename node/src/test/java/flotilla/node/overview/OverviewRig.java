package flotilla.node.overview;

import flotilla.node.overview.OverviewMessage.Keyed;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.SessionQuery.Sort;
import flotilla.node.overview.SessionQuery.SortKey;
import java.util.List;

/** Reads the sessions of a node as its overview does. */
public final class OverviewRig {
    private final Pages pages;

    public OverviewRig(LiveSessions sessions) {
        pages = new Pages("node-1", address -> "named " + address, sessions, new LiveTransfers());
    }

    /** All sessions, oldest first. */
    public List<SessionView> sessions() {
        SessionQuery all = new SessionQuery("", "", "", "", List.of(), Sort.SINCE, false, SortKey.START, 100);
        return pages.sessions(all).sessions().stream().map(Keyed::session).toList();
    }

    /** The only session. */
    public SessionView only() {
        List<SessionView> all = sessions();
        if (all.size() != 1) {
            throw new AssertionError("not one session: " + all);
        }
        return all.get(0);
    }
}
