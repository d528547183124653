package flotilla.node.control;

import java.util.HashSet;
import java.util.Set;

/** The sessions whose control connections this node holds, never more than the limit at the time of their admission. */
final class PlacesHere {
    private final Set<String> taken = new HashSet<>();

    /**
     * Takes a place for a session, unless as many as {@code most} are taken.
     *
     * @param most 0 for no limit
     * @return whether the session has a place
     */
    synchronized boolean take(String session, int most) {
        return (most == 0 || taken.size() < most) && taken.add(session);
    }

    /** Frees the place of a session, if it has one. */
    synchronized void release(String session) {
        taken.remove(session);
    }
}
