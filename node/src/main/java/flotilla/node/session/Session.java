package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.Security;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.state.SessionState;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The server-PI (RFC 959, section 2.2): one sharded actor for one control connection. It owns the protocol state and
 * makes the decisions. The control connection sends one command at a time; during a transfer it also sends ABOR and
 * STAT. The results of slow work come back as messages.
 */
public final class Session {
    /** Reasons of an end that a client caused without QUIT. */
    private static final Set<String> SILENT_ENDS = Set.of("client closed", "connection broken");

    /** Tells a session that its shard moves to another node. */
    public enum HandOff implements SessionMessage.Remote {
        INSTANCE
    }

    record ControlLost() implements SessionEvent {}

    record EndNow() implements SessionEvent {}

    /** Longest time for which the final 421 waits until an aborted transfer has ended. */
    private static final Duration LAST_TRANSFER = Duration.ofMillis(500);

    private final ActorContext<SessionMessage> context;
    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final Grants grants;
    final LoginDesk logins;
    final EndpointDesk endpoint;
    final TransferDesk transfers;
    final CommandDesk commands;
    private final Succession succession;
    final Departure departure;
    private boolean announced;
    /** The text of the final 421, which follows the end of the transfer; empty while the session goes on. */
    private Optional<String> ending = Optional.empty();

    private Session(
            ActorContext<SessionMessage> context,
            TimerScheduler<SessionMessage> timers,
            StashBuffer<SessionMessage> early,
            SessionEnvironment env,
            String sessionId) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.session = new Conversation(env, sessionId, context.getSelf());
        this.grants = new Grants(context);
        this.client = new Outbox(context, env, session, grants, this::snapshot);
        Parts parts = new Parts(context, timers, env, session, client, grants);
        this.logins = new LoginDesk(parts, this::onKick);
        this.endpoint = new EndpointDesk(parts, this::conclude);
        this.transfers = new TransferDesk(parts, endpoint);
        this.commands = new CommandDesk(parts, logins, endpoint, transfers);
        this.succession = new Succession(parts, early);
        this.departure = new Departure(parts, transfers, this::end);
    }

    /**
     * Creates the behavior of a session that no client has joined yet.
     *
     * @param sessionId the id of the session, which is also its entity id
     */
    public static Behavior<SessionMessage> create(SessionEnvironment env, String sessionId) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                Succession.MAX_EARLY, early -> new Session(context, timers, early, env, sessionId).unconnected())));
    }

    /**
     * The phase before the client has joined. Any message but {@code Connected} and {@code HandOff} is for a session
     * that was on another node or has ended.
     */
    private Behavior<SessionMessage> unconnected() {
        return Behaviors.receive(SessionMessage.class)
                .onMessage(SessionMessage.Connected.class, this::onConnected)
                .onMessage(HandOff.class, handOff -> Behaviors.stopped())
                .onAnyMessage(first -> succession.readBack(first, this::goOn, this::end))
                .build();
    }

    /** Continues from the record of a former incarnation. */
    private Behavior<SessionMessage> goOn(Revival revival) {
        session.restore(revival);
        client.restore(revival);
        watchControl();
        SessionState state = session.state();
        state.login().user().ifPresent(logins::enterHome);
        logins.review();
        logins.reviewLater();
        SavedSession.Progress progress = revival.saved().progress();
        progress.data().ifPresent(endpoint::restore);
        transfers.restore(progress.transfers(), progress.transfer());
        session.live().begins();
        announced = true;
        env.events().accept(new NodeEvent.TakenOver(state.link(), state.login().name()));
        return behavior();
    }

    private SavedSession snapshot() {
        return SavedSession.of(
                session.state(),
                new SavedSession.Progress(
                        client.control(),
                        session.sequence(),
                        client.lastAnswer(),
                        session.command().isBegun(),
                        Optional.ofNullable(endpoint.data()),
                        transfers.saved(),
                        transfers.begun(),
                        session.isClosed()));
    }

    private Behavior<SessionMessage> behavior() {
        return Behaviors.receive(SessionMessage.class)
                .onAnyMessage(message -> Inbox.take(this, message))
                .onSignal(PostStop.class, stop -> {
                    end();
                    return Behaviors.same();
                })
                .build();
    }

    Inbox.Phase phase() {
        if (transfers.isRunning()) {
            return Inbox.Phase.TRANSFERRING;
        }
        return session.command().isUnanswered() ? Inbox.Phase.WORKING : Inbox.Phase.IDLE;
    }

    /** Tells of a message that cannot come in this phase: one of two parts of the session is wrong about it. */
    void unexpected(SessionMessage message, Inbox.Phase phase) {
        context.getLog()
                .warn(
                        "session {} is {} and got {}, which cannot come then",
                        session.sessionId(),
                        phase,
                        message.getClass().getSimpleName());
    }

    /** Runs a step, then ends the session if its client has gone, no transfer runs and no grant is pending. */
    Behavior<SessionMessage> then(Runnable step) {
        step.run();
        if (!transfers.isRunning()) {
            sayGoodbye();
        }
        if (session.isClosed() && !transfers.isRunning() && !grants.isAwaiting()) {
            return Behaviors.stopped();
        }
        return departure.isDue() ? departure.leave() : Behaviors.same();
    }

    Behavior<SessionMessage> onConnectedAgain() {
        if (session.sequence() == 0) {
            greet();
        }
        return Behaviors.same();
    }

    Behavior<SessionMessage> onAhead(Outbox.Ahead ahead) {
        if (!ahead.current()) {
            return departure.superseded();
        }
        // The process may have been stopped meanwhile, and the session may have moved to another node.
        boolean mayBegin = ahead.written() && env.cluster().mayWrite();
        return then(() -> ahead.next().accept(mayBegin));
    }

    Behavior<SessionMessage> onWritten(Outbox.Written written) {
        return written.current() ? Behaviors.same() : departure.superseded();
    }

    /**
     * Watches the control connection. It reports its own end, but its node can be lost. A control connection that is
     * not greeted in time announces itself again; an announcement that arrives after its end would begin a session that
     * never ends.
     */
    private void watchControl() {
        context.watchWith(client.control(), new ControlLost());
    }

    private Behavior<SessionMessage> onConnected(SessionMessage.Connected connected) {
        client.talkTo(connected.control());
        Security security =
                connected.tls().map(facts -> Security.established(facts, true)).orElse(Security.CLEAR);
        session.become(SessionState.connected(connected.link(), security));
        watchControl();
        session.live().begins();
        connected.tls().ifPresent(facts -> {
            announce();
            env.events().accept(new NodeEvent.TlsStarted(connected.link(), facts));
        });
        greet();
        return behavior();
    }

    private void greet() {
        client.send(0, Reply.of(220, session.told(env.settings().greeting())), After.NOTHING);
    }

    /**
     * Reports the client, at its first command. A peer that never sends a command is a health probe; it is not reported
     * as a client.
     */
    private void announce() {
        if (!announced) {
            announced = true;
            env.events().accept(new NodeEvent.Connected(session.state().link()));
        }
    }

    void onTls(TlsFacts facts) {
        if (!session.state().security().tls()) {
            session.become(session.state().withSecurity(Security.established(facts, false)));
            env.events().accept(new NodeEvent.TlsStarted(session.state().link(), facts));
        }
    }

    void onCommand(SessionMessage.Command command) {
        if (transfers.isRepeated(command.sequence())) {
            return;
        }
        Call call = env.commands().call(new Request(command.verb(), command.argument()));
        if (departure.isBegun() || commands.mustWait(call)) {
            // The control connection sends the command again: to the next incarnation, or when this node may write
            // again.
            return;
        }
        announce();
        if (!transfers.isRunning() && commands.isFrozen(call)) {
            client.working(command.sequence()); // the control connection sends it again
            return;
        }
        if (transfers.isRunning()) {
            transfers.onUrgent(call, command.sequence());
            return;
        }
        command.established().ifPresent(this::onTls);
        commands.onCommand(command.sequence(), call);
    }

    private void conclude(Reply reply, SessionState next) {
        commands.conclude(reply, next);
    }

    /**
     * Answers a data connection that resumed this session's TLS session although it came for another session: may both
     * sessions belong to one client? A session without a user may be the client's next one, so its TLS session is no
     * sign of a stranger.
     */
    Behavior<SessionMessage> onVouch(SessionMessage.Vouch question) {
        SessionState state = session.state();
        boolean mayBeSame =
                state.login().user().isEmpty() || state.login().name().equals(question.user());
        boolean kin = mayBeSame && state.link().client().equals(question.client());
        question.replyTo().tell(new DataMessage.Vouched(kin));
        return Behaviors.same();
    }

    Behavior<SessionMessage> onSaved(Outbox.Saved saved) {
        if (!saved.current()) {
            return departure.superseded();
        }
        return then(() -> client.send(saved.sequence(), saved.reply(), saved.after()));
    }

    void onKick(String reason) {
        ending = Optional.of(reason);
        if (transfers.isRunning()) {
            timers.startSingleTimer(new EndNow(), LAST_TRANSFER);
            transfers.onKicked();
        } else {
            endpoint.close();
        }
    }

    /** Sends the final 421. By now the aborted transfer has had its reply, or its data connection does not answer. */
    void sayGoodbye() {
        ending.ifPresent(reason -> client.send(0, Reply.of(421, reason), After.END));
        ending = Optional.empty();
    }

    void onControlLost() {
        if (session.isClosed()) {
            return;
        }
        if (session.isApart() || announced) {
            onControlClosed(session.isApart() ? "its node is lost" : "connection broken");
        } else {
            session.close();
            transfers.onControlClosed(false, false);
        }
    }

    void onControlClosed(String reason) {
        SessionState state = session.state();
        session.close();
        if (!announced && SILENT_ENDS.contains(reason)) {
            env.events().accept(new NodeEvent.Probed(state.link().client().getHostAddress(), false));
        } else {
            announce();
            env.events()
                    .accept(new NodeEvent.Disconnected(
                            state.link(), state.login().name(), state.isLoggedIn(), reason));
        }
        transfers.onControlClosed(
                reason.equals(ControlMessage.CLIENT_QUIT), reason.equals(ControlMessage.UPLOAD_OVERDUE));
    }

    /** Releases what the session holds, unless another incarnation continues it. */
    private void end() {
        session.live().ended();
        if (departure.isElsewhere() || !session.isConnected()) {
            return;
        }
        transfers.release();
        logins.logOut();
        client.forgetRecord();
        env.tls().forget(session.sessionId());
    }
}
