package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Frozen sessions, users and addresses. On every node their transfers stand still and keep their state until they are
 * thawed, or until the end of the freeze. A freeze outlives the node that made it, and the node of the session.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}. The change may have
 * been made all the same.
 */
public interface Freezes {
    /** Most freezes at a time. */
    int MOST = 1_000;

    /** What is frozen. */
    enum Kind {
        SESSION,
        USER,
        ADDRESS
    }

    /**
     * A freeze.
     *
     * @param kind what is frozen
     * @param name id of the session, name of the user, or text of a {@link Block}
     * @param until its end
     * @param reason for operators; may be empty
     * @param by the operator
     */
    record Freeze(
            @Tag(1) Kind kind,
            @Tag(2) String name,
            @Tag(3) Instant until,
            @Tag(4) String reason,
            @Tag(5) String by) {}

    /**
     * The freeze in force of a session. Reads this node's memory, costs next to nothing while there is no freeze, and
     * never blocks.
     *
     * @param user name of the logged-in user; empty before the login
     * @param address the client's address
     */
    Optional<Freeze> find(String session, String user, InetAddress address);

    /**
     * Freezes from now on, in place of an earlier freeze of the same name.
     *
     * @param duration at least 1 ms
     * @return the freeze; empty when there are {@link #MOST} already
     */
    CompletionStage<Optional<Freeze>> freeze(Kind kind, String name, Duration duration, String reason, String by);

    /** Ends a freeze. Completes with false if there was none. */
    CompletionStage<Boolean> thaw(Kind kind, String name);

    /** The freezes in force, in the order of kinds and names. Reads this node's memory. */
    List<Freeze> list();
}
