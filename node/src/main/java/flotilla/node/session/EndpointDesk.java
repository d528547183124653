package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Network;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Endpoint;
import flotilla.node.state.SessionState;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Manages the data endpoint of a session: the passive lease, and the data connection that came for it. Part of the
 * session's actor.
 */
final class EndpointDesk {
    /**
     * The message with the answer of the passive pool.
     *
     * @param port the leased port; empty when none is free or the pool did not answer
     * @param answered false when the pool did not answer
     */
    record Leased(Asking asking, OptionalInt port, boolean answered) implements SessionEvent {}

    /** The message that it is time to ask the pool again. */
    record LeaseAgain(Asking asking) implements SessionEvent {}

    /**
     * A PASV or EPSV that waits for a port.
     *
     * @param extended true for EPSV
     * @param tries number of earlier questions for which the pool had no port
     */
    record Asking(boolean extended, int tries) {
        Asking again() {
            return new Asking(extended, tries + 1);
        }
    }

    /**
     * Pause between two questions to the pool. Meanwhile another data connection of this address may arrive or be given
     * up, and free a port.
     */
    static final Duration PAUSE = Duration.ofMillis(250);

    /**
     * The message with the answer of the passive pool to {@link #reopen}.
     *
     * @param granted true when the port is leased again
     */
    record Reopened(int port, ActorRef<DataMessage> refused, boolean granted) implements SessionEvent {}

    /** The message that the actor of a data connection has stopped. */
    record Gone(ActorRef<DataMessage> data) implements SessionEvent {}

    private final ActorContext<SessionMessage> context;
    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final Grants grants;
    private final BiConsumer<Reply, SessionState> conclude;
    private @Nullable ActorRef<DataMessage> data;
    private @Nullable ActorRef<DataMessage> refused;
    private int refusals;
    private boolean leaseTaken;
    /**
     * True when a connection may have taken an earlier lease just before that lease was released. The next connection
     * may then belong to the earlier lease.
     */
    private boolean leaseDoubtful;

    /**
     * Begins without an endpoint.
     *
     * @param conclude ends the current command with a reply and a state
     */
    EndpointDesk(Parts parts, BiConsumer<Reply, SessionState> conclude) {
        this.context = parts.context();
        this.timers = parts.timers();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
        this.grants = parts.grants();
        this.conclude = conclude;
    }

    /** Continues with the data connection that came for a former incarnation. */
    void restore(ActorRef<DataMessage> connection) {
        data = connection;
        leaseTaken = true;
        leaseDoubtful = env.settings().foreignPeers();
        context.watchWith(connection, new Gone(connection));
    }

    /**
     * Runs PASV (RFC 959, section 4.1.2) and EPSV (RFC 2428, section 3): gives up the present endpoint, then leases a
     * port.
     */
    void openPassive(boolean extended) {
        giveUp();
        refusals = 0;
        ask(new Asking(extended, 0));
    }

    private void ask(Asking asking) {
        grants.pipeGrant(
                env.cluster().passivePool().lease(session.state().link().holder(), address()),
                port -> new Leased(asking, port, true),
                failure -> notAnswered(asking, failure));
    }

    /** Releases all ports of the session: the pool may have leased one although its answer did not come. */
    private Leased notAnswered(Asking asking, Throwable failure) {
        context.getLog().warn("no answer of the passive pool for session {}", session.sessionId(), failure);
        env.cluster().passivePool().releaseAll(session.sessionId(), address());
        return new Leased(asking, OptionalInt.empty(), false);
    }

    /**
     * Schedules another question when all ports of the address are taken. Returns false when the client has waited for
     * the longest time that is configured.
     */
    private boolean waits(Asking asking) {
        boolean patient =
                PAUSE.multipliedBy(asking.tries() + 1L).compareTo(env.settings().leasePatience()) <= 0;
        if (patient) {
            timers.startSingleTimer(new LeaseAgain(asking.again()), PAUSE);
        }
        return patient;
    }

    void askAgain(LeaseAgain again) {
        if (!session.isClosed()) {
            ask(again.asking());
        }
    }

    void onLeased(Leased leased) {
        if (session.isClosed()) {
            leased.port().ifPresent(this::release);
        } else if (!leased.answered()) {
            conclude.accept(
                    Reply.of(425, "No passive port can be leased right now, please try again."), session.state());
        } else if (leased.port().isEmpty() && waits(leased.asking())) {
            context.getLog().debug("session {} waits for a passive port", session.sessionId());
        } else if (leased.port().isEmpty()) {
            client.limited(NodeEvent.Limit.PASSIVE_PORTS);
            conclude.accept(Reply.of(425, "No passive port is free for you, please try again."), session.state());
        } else {
            int port = leased.port().getAsInt();
            session.become(session.state().withEndpoint(Optional.of(new Endpoint.Passive(port))));
            Reply reply = leased.asking().extended()
                    ? Reply.of(229, "Entering Extended Passive Mode (|||" + port + "|)")
                    : Reply.of(227, "Entering Passive Mode (" + HostPort.format(announced(), port) + ").");
            conclude.accept(reply, session.state());
        }
    }

    /**
     * The address for reply 227: the address that the client dialled, or the configured one for clients from outside.
     */
    private Inet4Address announced() {
        return env.announced()
                .current()
                .filter(configured -> !Network.anyContains(env.settings().localNetworks(), address()))
                .orElseGet(() -> (Inet4Address) session.state().link().local());
    }

    /**
     * Takes a data connection that came for this session. Returns null for a connection that is known already, and for
     * one that the session does not expect, which it closes.
     */
    @Nullable ActorRef<DataMessage> arrived(SessionMessage.DataArrived arrived) {
        if (arrived.data().equals(data)) {
            return null;
        }
        if (data != null || !isFor(arrived.port()) || arrived.foreign() && !takesForeign()) {
            leaseTaken |= isFor(arrived.port()) && !arrived.foreign();
            arrived.data().tell(DataMessage.Abort.INSTANCE);
            return null;
        }
        data = arrived.data();
        leaseTaken = !arrived.foreign();
        context.watchWith(arrived.data(), new Gone(arrived.data()));
        return data;
    }

    private boolean takesForeign() {
        return env.settings().foreignPeers() && session.state().security().dataTls();
    }

    private boolean isFor(int port) {
        Endpoint endpoint = session.state().endpoint().orElse(null);
        return endpoint instanceof Endpoint.Passive passive ? passive.port() == port : endpoint != null && port == 0;
    }

    /** The data connection; null when none has come. */
    @Nullable ActorRef<DataMessage> data() {
        return data;
    }

    /** Sends a message to the data connection, if one has come. */
    void tell(DataMessage message) {
        if (data != null) {
            data.tell(message);
        }
    }

    /** Gives up the endpoint: releases its lease, or closes the data connection that came for it. */
    void close() {
        if (data != null) {
            data.tell(DataMessage.Abort.INSTANCE);
            forget();
        }
        boolean mayBeLeased = !leaseTaken || leaseDoubtful;
        if (mayBeLeased && session.state().endpoint().orElse(null) instanceof Endpoint.Passive passive) {
            leaseDoubtful = true;
            release(passive.port());
        }
        leaseTaken = false;
    }

    /** Gives up the endpoint and removes it from the session's state. */
    void giveUp() {
        close();
        session.become(session.turn().state().withEndpoint(Optional.empty()));
    }

    /**
     * Leases the port again after a stranger's connection took the lease, so that the right client can still connect.
     * Returns false when the limit of such attempts is reached.
     */
    boolean reopen() {
        ActorRef<DataMessage> stranger = data;
        if (stranger == null || !(session.state().endpoint().orElse(null) instanceof Endpoint.Passive passive)) {
            return false;
        }
        forget();
        if (++refusals > env.settings().refusals()) {
            stranger.tell(DataMessage.Abort.INSTANCE);
            return false;
        }
        if (!leaseTaken) {
            // The stranger came from another address, so it has not taken the lease.
            stranger.tell(DataMessage.Acknowledge.INSTANCE);
            return true;
        }
        refused = stranger;
        leaseTaken = false;
        grants.pipeGrant(
                env.cluster().passivePool().leaseAgain(session.state().link().holder(), passive.port(), address()),
                granted -> new Reopened(passive.port(), stranger, granted),
                failure -> {
                    notAnswered(new Asking(true, 0), failure);
                    return new Reopened(passive.port(), stranger, false);
                });
        return true;
    }

    /** Returns true while the lease that this stranger took is being opened again. */
    boolean isReopening(ActorRef<DataMessage> stranger) {
        return stranger.equals(refused);
    }

    /** Handles the pool's answer. Returns true when the session needed the port and did not get it. */
    boolean onReopened(Reopened reopened) {
        boolean awaited = isReopening(reopened.refused());
        refused = awaited ? null : refused;
        boolean wanted = !session.isClosed()
                && session.state().endpoint().orElse(null) instanceof Endpoint.Passive passive
                && passive.port() == reopened.port();
        if (reopened.granted() && !wanted) {
            release(reopened.port());
        }
        reopened.refused()
                .tell(reopened.granted() && wanted ? DataMessage.Acknowledge.INSTANCE : DataMessage.Abort.INSTANCE);
        return wanted && awaited && !reopened.granted();
    }

    /** Forgets the data connection: it has done its work, or has stopped. */
    void forget() {
        if (data != null) {
            context.unwatch(data);
            data = null;
        }
    }

    private void release(int port) {
        env.cluster().passivePool().release(session.sessionId(), port, address());
    }

    private InetAddress address() {
        return session.state().link().client();
    }
}
