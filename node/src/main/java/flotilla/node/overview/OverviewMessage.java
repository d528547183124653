package flotilla.node.overview;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.overview.SessionQuery.SortKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The questions to the overviews of nodes, and their answers. */
public sealed interface OverviewMessage extends Wire {

    /** A question that a node answers. */
    sealed interface Question extends OverviewMessage {}

    /** A question that is defined in another file. */
    non-sealed interface OtherQuestion extends Question {}

    /** An answer that is defined in another file. */
    non-sealed interface OtherAnswer extends OverviewMessage {
        /** Name of the node that answers. */
        String node();
    }

    /**
     * Asks for a page of sessions.
     *
     * @param replyTo gets a {@link SessionsHere}
     */
    record AskSessions(@Tag(1) SessionQuery query, @Tag(2) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Asks for the transfers of these sessions; with an order by transfer, for the first transfers of that order.
     *
     * @param replyTo gets a {@link TransfersHere}
     */
    record AskTransfers(@Tag(1) SessionQuery query, @Tag(2) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Asks for the state of the node.
     *
     * @param replyTo gets a {@link NodeView}
     */
    record AskNode(@Tag(1) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Asks for the leases that the member keeps.
     *
     * @param replyTo gets a {@link LeasesHere}
     */
    record AskLeases(@Tag(1) int limit, @Tag(2) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Asks which users and addresses have most sessions, or how many sessions the named ones have.
     *
     * @param slotsBehind the start of a page of slots; empty when no slots are asked for
     * @param users the users to count; empty for those with most sessions
     * @param addresses the address blocks to count; empty for those with most sessions
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

    /**
     * Ends a session and its data connection.
     *
     * @param replyTo gets a {@link Done}
     */
    record Kick(
            @Tag(1) String sessionId,
            @Tag(2) String reason,
            @Tag(3) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Takes a node out of service, or returns it to service.
     *
     * @param node name of the node; the others do nothing
     * @param replyTo gets a {@link Done}
     * @param stays whether the node stays a member after its drain
     * @param restarts whether the process of the node asks for another start after its drain
     */
    record Steer(
            @Tag(1) String node,
            @Tag(2) boolean drain,
            @Tag(3) ActorRef<OverviewMessage> replyTo,
            @Tag(4) boolean stays,
            @Tag(5) boolean restarts)
            implements Question {
        AfterDrain after() {
            return stays ? AfterDrain.STAY : restarts ? AfterDrain.RESTART : AfterDrain.END;
        }
    }

    /**
     * Asks for the configuration in force.
     *
     * @param replyTo gets a {@link ConfigurationHere}
     */
    record AskConfiguration(@Tag(1) ActorRef<OverviewMessage> replyTo) implements Question {}

    /**
     * Asks whether the node would take a value for all nodes.
     *
     * @param value as the command line gives it
     * @param by the operator
     * @param replyTo gets a {@link Tried}
     * @param unset whether the key is to lose its value instead
     */
    record TrySetting(
            @Tag(1) String key,
            @Tag(2) String value,
            @Tag(3) String by,
            @Tag(4) ActorRef<OverviewMessage> replyTo,
            @Tag(5) boolean unset)
            implements Question {}

    /** The configuration of a node. */
    record ConfigurationHere(@Tag(1) String node, @Tag(2) ConfigurationView view) implements OverviewMessage {}

    /**
     * The configuration in force.
     *
     * @param settings the value of each key, by name
     * @param pending keys whose values have changed and wait for a restart
     * @param refused why the node did not take the last change; empty when it did
     */
    record ConfigurationView(
            @Tag(1) List<SettingView> settings,
            @Tag(2) List<String> pending,
            @Tag(3) Optional<String> refused) implements Wire {
        public ConfigurationView {
            settings = List.copyOf(settings);
            pending = List.copyOf(pending);
        }
    }

    /**
     * The value of a key.
     *
     * @param value as a configuration file has it, without secrets; the middle of a long one is a digest
     * @param source where it was given
     */
    record SettingView(
            @Tag(1) String key,
            @Tag(2) String value,
            @Tag(3) String source) implements Wire {}

    /**
     * The answer to a trial.
     *
     * @param refused why the node would not take the value; empty when it would
     */
    record Tried(@Tag(1) String node, @Tag(2) Optional<String> refused) implements OverviewMessage {}

    /**
     * A page of one node's sessions.
     *
     * @param more true when further sessions follow the last one
     * @param matched number of sessions that match in all
     */
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

    /**
     * A page of one node's transfers.
     *
     * @param more true when further transfers follow the last one
     * @param running number of running transfers in all
     */
    record TransfersHere(
            @Tag(1) String node,
            @Tag(2) List<Progress> transfers,
            @Tag(3) boolean more,
            @Tag(4) int running) implements OverviewMessage {
        public TransfersHere {
            transfers = List.copyOf(transfers);
        }
    }

    /**
     * Leases that one member keeps.
     *
     * @param total number of its leases in all
     */
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

    /**
     * The users and addresses with most sessions on one node.
     *
     * @param slots empty when no slots were asked for, or when the node is of an older release
     */
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
     * Slots that a member keeps, the largest number first.
     *
     * @param keys number of users and addresses that hold any
     * @param behind number of users and addresses after the start of the page
     */
    record SlotsHere(
            @Tag(1) int keys, @Tag(2) int behind, @Tag(3) List<SlotsView> page) implements Wire {
        public SlotsHere {
            page = List.copyOf(page);
        }
    }

    /**
     * The slots of a user or of an address block.
     *
     * @param user true for a user, false for an address block
     * @param held number of slots
     */
    record SlotsView(
            @Tag(1) boolean user,
            @Tag(2) String name,
            @Tag(3) int held) implements Wire {
        /** Its place in the order; the largest number of slots comes first. */
        public SortKey key() {
            return new SortKey(-(long) held, user ? "user" : "address", name);
        }
    }

    /**
     * The number of sessions of a user or of an address block.
     *
     * @param name name of the user, or the address block
     */
    record Use(@Tag(1) String name, @Tag(2) int sessions) implements Wire {}

    /**
     * The result of an order.
     *
     * @param done false when the node has no such session or name, or cannot carry the order out
     * @param refused the reason why it cannot
     */
    record Done(
            @Tag(1) String node,
            @Tag(2) boolean done,
            @Tag(3) Optional<String> refused) implements OverviewMessage {}

    /** Says that the node could not answer. */
    record Failed(@Tag(1) String node, @Tag(2) String why) implements OverviewMessage {}

    /**
     * The state of a node.
     *
     * @param address host of its cluster ports
     * @param leases number of leases that this member keeps
     * @param unready reasons why it takes no new work; empty when it is ready
     * @param listeners addresses that its clients dial; empty for a node without listeners, and for one of an older
     *     release
     * @param clockMillis its time in milliseconds of the epoch; 0 for a node of an older release
     * @param counts what it has counted since its start, by name; empty for a node of an older release
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
            @Tag(13) List<String> listeners,
            @Tag(14) long clockMillis,
            @Tag(15) Map<String, Long> counts)
            implements OverviewMessage {
        /** The count of logins that succeeded. */
        public static final String LOGINS = "logins";
        /** The count of bytes of uploads. */
        public static final String BYTES_IN = "bytes-in";
        /** The count of bytes of downloads and listings. */
        public static final String BYTES_OUT = "bytes-out";
        /** The beginning of the names of counts of refusals and failed logins, by cause. */
        public static final String FAILURE = "failure-";

        public NodeView {
            roles = List.copyOf(roles);
            unready = List.copyOf(unready);
            listeners = List.copyOf(listeners);
            counts = Map.copyOf(counts);
        }
    }

    /**
     * A session.
     *
     * @param dataNode name of the node with its data connection, or that node's address while the name is unknown;
     *     empty for none
     * @param tlsVersion TLS version of the control connection; empty for clear text
     * @param lastCommand verb of the last command
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
        /** The same session with the progress that the node of its data connection reports. */
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

    /**
     * A transfer.
     *
     * @param direction {@code upload}, {@code download} or {@code listing}
     * @param moving false while it waits for its data connection
     * @param size bytes that a download is to move; 0 when that is not known
     */
    record TransferView(
            @Tag(1) long transferId,
            @Tag(2) String direction,
            @Tag(3) String path,
            @Tag(4) boolean moving,
            @Tag(5) Instant since,
            @Tag(6) boolean tls,
            @Tag(7) boolean tlsResumed,
            @Tag(8) long bytes,
            @Tag(9) long bytesPerSecond,
            @Tag(10) long size)
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
                            progress.bytesPerSecond(),
                            size);
        }
    }

    /**
     * The progress of a transfer.
     *
     * @param node the node of the data connection
     * @param bytes bytes moved so far
     */
    record Progress(
            @Tag(1) String sessionId,
            @Tag(2) long transferId,
            @Tag(3) String node,
            @Tag(4) long bytes,
            @Tag(5) long bytesPerSecond,
            @Tag(6) boolean resumed)
            implements Wire {}
}
