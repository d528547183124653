package flotilla.node.overview;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.overview.SessionQuery.SortKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What overviews of nodes are asked, and what they answer. */
public sealed interface OverviewMessage extends Wire {

    /** Something to be answered by a node. */
    sealed interface Question extends OverviewMessage {}

    /** @param replyTo gets a {@link SessionsHere} */
    record AskSessions(@Tag(1) SessionQuery query, @Tag(2) ActorRef<OverviewMessage> replyTo) implements Question {}

    /** Asks for the transfers of these sessions; with an order by transfer, for the first ones of that order. @param replyTo gets a {@link TransfersHere} */
    record AskTransfers(@Tag(1) SessionQuery query, @Tag(2) ActorRef<OverviewMessage> replyTo) implements Question {}

    /** @param replyTo gets a {@link NodeView} */
    record AskNode(@Tag(1) ActorRef<OverviewMessage> replyTo) implements Question {}

    /** @param replyTo gets a {@link LeasesHere} */
    record AskLeases(@Tag(1) int limit, @Tag(2) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Asks who has most sessions, or how many those named have.
     *
     * @param slotsBehind where a page of the slots in use begins; empty when they are not asked for
     * @param users of whom alone the sessions are asked; empty for those with most
     * @param addresses the same of address blocks
     * @param replyTo gets a {@link UseHere}
     */
    record AskUse(
            @Tag(1) int limit,
            @Tag(2) ActorRef<OverviewMessage> replyTo,
            @Tag(3) Optional<SortKey> slotsBehind,
            @Tag(4) List<String> users,
            @Tag(5) List<String> addresses)
            implements Question {
        public AskUse {
            users = List.copyOf(users);
            addresses = List.copyOf(addresses);
        }
    }

    /** Ends a session and its data connection. @param replyTo gets a {@link Done} */
    record Kick(
            @Tag(1) String sessionId,
            @Tag(2) String reason,
            @Tag(3) ActorRef<OverviewMessage> replyTo) implements Question {}

    /** Takes a node out of service, or back. @param node its name; others do nothing @param replyTo gets a {@link Done} */
    record Steer(
            @Tag(1) String node,
            @Tag(2) boolean drain,
            @Tag(3) ActorRef<OverviewMessage> replyTo) implements Question {}

    /** A page of one node. @param more whether sessions were left out behind the last one @param matched how many match in all */
    record SessionsHere(
            @Tag(1) String node,
            @Tag(2) List<Keyed> sessions,
            @Tag(3) boolean more,
            @Tag(4) int matched) implements OverviewMessage {
        public SessionsHere {
            sessions = List.copyOf(sessions);
        }
    }

    /** A session and its place in the order. */
    record Keyed(@Tag(1) SortKey key, @Tag(2) SessionView session) implements Wire {}

    /** @param more whether transfers were left out behind the last one */
    record TransfersHere(
            @Tag(1) String node,
            @Tag(2) List<Progress> transfers,
            @Tag(3) boolean more,
            @Tag(4) int running) implements OverviewMessage {
        public TransfersHere {
            transfers = List.copyOf(transfers);
        }
    }

    record LeasesHere(
            @Tag(1) String node,
            @Tag(2) List<LeaseView> leases,
            @Tag(3) int total) implements OverviewMessage {
        public LeasesHere {
            leases = List.copyOf(leases);
        }
    }

    /** A lease of a passive port. */
    record LeaseView(
            @Tag(1) int port, @Tag(2) String client, @Tag(3) String sessionId) implements Wire {}

    /** Who has most of this node's sessions. @param slots empty when they were not asked for, or the node is of an older release */
    record UseHere(
            @Tag(1) String node,
            @Tag(2) int sessions,
            @Tag(3) List<Use> users,
            @Tag(4) List<Use> addresses,
            @Tag(5) Optional<SlotsHere> slots)
            implements OverviewMessage {
        public UseHere {
            users = List.copyOf(users);
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Slots of limits that a member looks after, most held first.
     *
     * @param keys how many users and addresses hold any
     * @param behind how many of them are behind the place asked for
     */
    record SlotsHere(
            @Tag(1) int keys, @Tag(2) int behind, @Tag(3) List<SlotsView> page) implements Wire {
        public SlotsHere {
            page = List.copyOf(page);
        }
    }

    /** @param user whether it is a user's limit, else that of an address block */
    record SlotsView(
            @Tag(1) boolean user,
            @Tag(2) String name,
            @Tag(3) int held) implements Wire {
        /** Its place: most held first. */
        public SortKey key() {
            return new SortKey(-(long) held, user ? "user" : "address", name);
        }
    }

    /** @param name of a user, or an address block */
    record Use(@Tag(1) String name, @Tag(2) int sessions) implements Wire {}

    /** @param done false when the node has nothing of that name, or cannot do it @param refused why it cannot */
    record Done(
            @Tag(1) String node,
            @Tag(2) boolean done,
            @Tag(3) Optional<String> refused) implements OverviewMessage {}

    /** The node could not answer. */
    record Failed(@Tag(1) String node, @Tag(2) String why) implements OverviewMessage {}

    /**
     * A node.
     *
     * @param address host of its cluster ports
     * @param leases leases that this member looks after
     * @param unready why it takes no new work; empty when it is ready
     * @param listeners addresses that its clients dial; empty for a node that is no edge, and for one of an older release
     */
    record NodeView(
            @Tag(1) String node,
            @Tag(2) String address,
            @Tag(3) String version,
            @Tag(4) List<String> roles,
            @Tag(5) Instant upSince,
            @Tag(6) int connections,
            @Tag(7) int sessions,
            @Tag(8) int transfers,
            @Tag(9) int digests,
            @Tag(10) int leases,
            @Tag(11) boolean draining,
            @Tag(12) List<String> unready,
            @Tag(13) List<String> listeners)
            implements OverviewMessage {
        public NodeView {
            roles = List.copyOf(roles);
            unready = List.copyOf(unready);
            listeners = List.copyOf(listeners);
        }
    }

    /**
     * A session.
     *
     * @param dataNode where its data connection is: a node's name, or its address while that is not known; empty for none
     * @param tlsVersion of the control connection, empty for clear text
     * @param lastCommand its verb
     */
    record SessionView(
            @Tag(1) String id,
            @Tag(2) String user,
            @Tag(3) String client,
            @Tag(4) int clientPort,
            @Tag(5) String local,
            @Tag(6) int localPort,
            @Tag(7) String controlNode,
            @Tag(8) String node,
            @Tag(9) String dataNode,
            @Tag(10) String tlsVersion,
            @Tag(11) String tlsCipher,
            @Tag(12) boolean tlsResumed,
            @Tag(13) String directory,
            @Tag(14) String lastCommand,
            @Tag(15) String state,
            @Tag(16) Instant since,
            @Tag(17) Instant active,
            @Tag(18) String clientName,
            @Tag(19) Optional<TransferView> transfer)
            implements Wire {
        /** The same with what the node of the data connection knows. */
        public SessionView with(Progress progress) {
            return new SessionView(
                    id,
                    user,
                    client,
                    clientPort,
                    local,
                    localPort,
                    controlNode,
                    node,
                    progress.node(),
                    tlsVersion,
                    tlsCipher,
                    tlsResumed,
                    directory,
                    lastCommand,
                    state,
                    since,
                    active,
                    clientName,
                    transfer.map(t -> t.with(progress)));
        }
    }

    /** @param direction {@code upload}, {@code download} or {@code listing} @param moving false while it waits for its data connection */
    record TransferView(
            @Tag(1) long transferId,
            @Tag(2) String direction,
            @Tag(3) String path,
            @Tag(4) boolean moving,
            @Tag(5) Instant since,
            @Tag(6) boolean tls,
            @Tag(7) boolean tlsResumed,
            @Tag(8) long bytes,
            @Tag(9) long bytesPerSecond)
            implements Wire {
        TransferView with(Progress progress) {
            return progress.transferId() != transferId
                    ? this
                    : new TransferView(
                            transferId,
                            direction,
                            path,
                            moving,
                            since,
                            tls,
                            progress.resumed(),
                            progress.bytes(),
                            progress.bytesPerSecond());
        }
    }

    /** What moves on a data connection. @param node of the data connection */
    record Progress(
            @Tag(1) String sessionId,
            @Tag(2) long transferId,
            @Tag(3) String node,
            @Tag(4) long bytes,
            @Tag(5) long bytesPerSecond,
            @Tag(6) boolean resumed)
            implements Wire {}
}
