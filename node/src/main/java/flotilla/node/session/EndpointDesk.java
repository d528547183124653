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

/** The session's data endpoint: the passive lease, and the data connection that came to it. Part of the session's actor. */
final class EndpointDesk {
    /** The answer of the passive pool. */
    record Leased(Asking asking, OptionalInt port, boolean answered) {}

    /** The time to ask the pool once more has come. */
    record LeaseAgain(Asking asking) {}

    /** What PASV or EPSV waits for. @param extended whether it is EPSV; @param tries how often the pool had no port for this client */
    record Asking(boolean extended, int tries) {
        Asking again() {
            return new Asking(extended, tries + 1);
        }
    }

    /** Between two questions: another data connection of this address may have come, or given up, meanwhile. */
    static final Duration PAUSE = Duration.ofMillis(250);

    /** The answer of the passive pool to {@link #reopen}. */
    record Reopened(int port, ActorRef<DataMessage> refused, boolean granted) {}

    /** The actor of a data connection has ended. */
    record Gone(ActorRef<DataMessage> data) {}

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private final BiConsumer<Reply, SessionState> conclude;
    private @Nullable ActorRef<DataMessage> data;
    private @Nullable ActorRef<DataMessage> refused;
    private int refusals;
    private boolean leaseTaken;
    /** A lease was given up that a connection may have taken just before: what comes may not belong to the present one. */
    private boolean leaseDoubtful;

    /** @param conclude ends the command that runs with a reply and a state */
    EndpointDesk(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            SessionEnvironment env,
            Conversation client,
            BiConsumer<Reply, SessionState> conclude) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.client = client;
        this.conclude = conclude;
    }

    /** Goes on with the data connection that had come to another incarnation. */
    void restore(ActorRef<DataMessage> connection) {
        data = connection;
        leaseTaken = true;
        leaseDoubtful = env.settings().foreignPeers();
        context.watchWith(connection, new Gone(connection));
    }

    /** PASV and EPSV: gives up the endpoint there is, leases a port. */
    void openPassive(boolean extended) {
        giveUp();
        refusals = 0;
        ask(new Asking(extended, 0));
    }

    private void ask(Asking asking) {
        client.pipeGrant(
                env.cluster().passivePool().lease(client.state().link().holder(), address()),
                port -> new Leased(asking, port, true),
                failure -> notAnswered(asking, failure));
    }

    /** The port may be leased all the same. */
    private Leased notAnswered(Asking asking, Throwable failure) {
        context.getLog().warn("no answer of the passive pool for session {}", client.sessionId(), failure);
        env.cluster().passivePool().releaseAll(client.sessionId(), address());
        return new Leased(asking, OptionalInt.empty(), false);
    }

    /** All ports of this address are taken. Asks again later, unless the client has waited long enough. */
    private boolean waits(Asking asking) {
        boolean patient =
                PAUSE.multipliedBy(asking.tries() + 1L).compareTo(env.settings().leasePatience()) <= 0;
        if (patient) {
            timers.startSingleTimer(new LeaseAgain(asking.again()), PAUSE);
        }
        return patient;
    }

    void askAgain(LeaseAgain again) {
        if (!client.isClosed()) {
            ask(again.asking());
        }
    }

    void onLeased(Leased leased) {
        if (client.isClosed()) {
            leased.port().ifPresent(this::release);
        } else if (!leased.answered()) {
            conclude.accept(
                    Reply.of(425, "No passive port can be leased right now, please try again."), client.state());
        } else if (leased.port().isEmpty() && waits(leased.asking())) {
            context.getLog().debug("session {} waits for a passive port", client.sessionId());
        } else if (leased.port().isEmpty()) {
            client.limited(NodeEvent.Limit.PASSIVE_PORTS);
            conclude.accept(Reply.of(425, "No passive port is free for you, please try again."), client.state());
        } else {
            int port = leased.port().getAsInt();
            client.become(client.state().withEndpoint(Optional.of(new Endpoint.Passive(port))));
            Reply reply = leased.asking().extended()
                    ? Reply.of(229, "Entering Extended Passive Mode (|||" + port + "|)")
                    : Reply.of(227, "Entering Passive Mode (" + HostPort.format(announced(), port) + ").");
            conclude.accept(reply, client.state());
        }
    }

    /** The address the client dialled; the configured one for clients from outside. */
    private Inet4Address announced() {
        return env.announced()
                .current()
                .filter(configured -> !Network.anyContains(env.settings().localNetworks(), address()))
                .orElseGet(() -> (Inet4Address) client.state().link().local());
    }

    /** Takes a data connection that came for this session; null when nobody waits for it, and it is closed, or it is known. */
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
        return env.settings().foreignPeers() && client.state().security().dataTls();
    }

    private boolean isFor(int port) {
        Endpoint endpoint = client.state().endpoint().orElse(null);
        return endpoint instanceof Endpoint.Passive passive ? passive.port() == port : endpoint != null && port == 0;
    }

    /** The data connection that is there. */
    @Nullable ActorRef<DataMessage> data() {
        return data;
    }

    /** Tells the data connection, if it is there. */
    void tell(DataMessage message) {
        if (data != null) {
            data.tell(message);
        }
    }

    /** Gives the endpoint up: its lease, or the data connection that came to it already. */
    void close() {
        if (data != null) {
            data.tell(DataMessage.Abort.INSTANCE);
            forget();
        }
        boolean mayBeLeased = !leaseTaken || leaseDoubtful;
        if (mayBeLeased && client.state().endpoint().orElse(null) instanceof Endpoint.Passive passive) {
            leaseDoubtful = true;
            release(passive.port());
        }
        leaseTaken = false;
    }

    /** Gives the endpoint up, and there is none any more. */
    void giveUp() {
        close();
        client.become(client.turn().state().withEndpoint(Optional.empty()));
    }

    /**
     * The data connection that is there is a stranger's: leases its port again, for the right one. False when that was done too often.
     */
    boolean reopen() {
        ActorRef<DataMessage> stranger = data;
        if (stranger == null || !(client.state().endpoint().orElse(null) instanceof Endpoint.Passive passive)) {
            return false;
        }
        forget();
        if (++refusals > env.settings().refusals()) {
            stranger.tell(DataMessage.Abort.INSTANCE);
            return false;
        }
        if (!leaseTaken) {
            // It came from another address, and the lease is still there.
            stranger.tell(DataMessage.Acknowledge.INSTANCE);
            return true;
        }
        refused = stranger;
        leaseTaken = false;
        client.pipeGrant(
                env.cluster().passivePool().leaseAgain(client.state().link().holder(), passive.port(), address()),
                granted -> new Reopened(passive.port(), stranger, granted),
                failure -> {
                    notAnswered(new Asking(true, 0), failure);
                    return new Reopened(passive.port(), stranger, false);
                });
        return true;
    }

    /** Whether the lease that this one took is being opened again. */
    boolean isReopening(ActorRef<DataMessage> stranger) {
        return stranger.equals(refused);
    }

    /** The pool has answered; true when the endpoint cannot be had any more. */
    boolean onReopened(Reopened reopened) {
        boolean awaited = isReopening(reopened.refused());
        refused = awaited ? null : refused;
        boolean wanted = !client.isClosed()
                && client.state().endpoint().orElse(null) instanceof Endpoint.Passive passive
                && passive.port() == reopened.port();
        if (reopened.granted() && !wanted) {
            release(reopened.port());
        }
        reopened.refused()
                .tell(reopened.granted() && wanted ? DataMessage.Acknowledge.INSTANCE : DataMessage.Abort.INSTANCE);
        return wanted && awaited && !reopened.granted();
    }

    /** The data connection has done its work, or is gone. */
    void forget() {
        if (data != null) {
            context.unwatch(data);
            data = null;
        }
    }

    private void release(int port) {
        env.cluster().passivePool().release(client.sessionId(), port, address());
    }

    private InetAddress address() {
        return client.state().link().client();
    }
}
