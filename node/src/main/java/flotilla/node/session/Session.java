package flotilla.node.session;

import flotilla.node.command.CommandHandler;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Gate;
import flotilla.node.command.Outcome;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
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
import org.jspecify.annotations.Nullable;

/**
 * The server-PI: one sharded actor for one control connection. It owns the protocol state and decides; the control connection
 * sends one command at a time and, during a transfer, ABOR and STAT. Everything slow comes back as a message.
 */
public final class Session {
    /** Verbs that use up REST and the data endpoint, whether they succeed or not (protocol.md, section 2.6). */
    private static final Set<String> TRANSFER_VERBS = Set.of("RETR", "STOR", "APPE", "STOU", "LIST", "NLST", "MLSD");

    /** Messages kept while a session is read back. */
    private static final int MAX_EARLY = 64;

    /** How long a command may hold up the move of its session. */
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(10);
    /** How a connection ends that its client closes without a word. */
    private static final Set<String> SILENT_ENDS = Set.of("client closed", "connection broken");

    /** Told to the entity when its shard moves away. */
    public enum HandOff implements SessionMessage {
        INSTANCE
    }

    private record Finished(
            long sequence,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) {}

    private record Revived(Optional<Revival> found, boolean failed) {}

    private record ControlLost() {}

    private enum Moved {
        SAVED,
        NOT_SAVED,
        OVERDUE
    }

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private final LoginDesk logins;
    private final EndpointDesk endpoint;
    private final TransferDesk transfers;
    private final StashBuffer<Object> early;
    /** The shard moves away: what runs comes to an end, nothing new begins. */
    private boolean leaving;

    private boolean movedAway;
    private boolean announced;

    private Session(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            StashBuffer<Object> early,
            SessionEnvironment env,
            String sessionId) {
        this.context = context;
        this.timers = timers;
        this.early = early;
        this.env = env;
        this.client = new Conversation(context, env, sessionId);
        this.logins = new LoginDesk(context, timers, env, client);
        this.endpoint = new EndpointDesk(context, env, client, this::conclude);
        this.transfers = new TransferDesk(context, timers, env, client, endpoint);
        client.snapshots(this::snapshot);
    }

    public static Behavior<SessionMessage> create(SessionEnvironment env, String sessionId) {
        return Behaviors.<Object>setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                        MAX_EARLY, early -> new Session(context, timers, early, env, sessionId).unconnected())))
                .narrow();
    }

    /** Before the client is there. Any other message than its coming is for a session that was somewhere else, or has ended. */
    private Behavior<Object> unconnected() {
        return Behaviors.receive(Object.class)
                .onMessage(SessionMessage.Connected.class, this::onConnected)
                .onMessage(HandOff.class, handOff -> Behaviors.stopped())
                .onAnyMessage(this::revive)
                .build();
    }

    private Behavior<Object> revive(Object first) {
        early.stash(first);
        client.pipe(Revival.of(env, client.sessionId()), found -> new Revived(found, false), failure -> {
            context.getLog().warn("session {} cannot be read back", client.sessionId(), failure);
            return new Revived(Optional.empty(), true);
        });
        return Behaviors.receive(Object.class)
                .onMessage(Revived.class, this::onRevived)
                .onMessage(HandOff.class, handOff -> Behaviors.stopped())
                .onAnyMessage(next -> {
                    // What does not fit is sent again.
                    if (!early.isFull()) {
                        early.stash(next);
                    }
                    return Behaviors.same();
                })
                // The kept messages may end the session before its next behavior is in force.
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    private Behavior<Object> onRevived(Revived revived) {
        if (revived.found().isEmpty()) {
            if (!revived.failed()) {
                early.forEach(this::refuse);
            }
            return Behaviors.stopped();
        }
        Revival revival = revived.found().get();
        client.restore(revival);
        watchControl();
        SessionState state = client.state();
        state.login().user().ifPresent(logins::enterHome);
        SavedSession.Progress progress = revival.saved().progress();
        progress.data().ifPresent(endpoint::restore);
        transfers.restore(progress.transfers(), progress.transfer());
        client.live().begins();
        announced = true;
        env.events().accept(new NodeEvent.TakenOver(state.link(), state.login().name()));
        return early.unstashAll(behavior());
    }

    /** Nobody knows the session. */
    private void refuse(Object message) {
        if (message instanceof SessionMessage.Command command) {
            client.talkTo(command.control());
            client.send(command.sequence(), Reply.of(421, "The session was lost, please reconnect."), After.CLOSE);
        } else if (message instanceof SessionMessage.ControlClosed closed) {
            closed.control().tell(ControlMessage.Released.INSTANCE);
        } else if (message instanceof SessionMessage.DataArrived arrived) {
            arrived.data().tell(DataMessage.Abort.INSTANCE);
        }
    }

    private SavedSession snapshot() {
        return SavedSession.of(
                client.state(),
                new SavedSession.Progress(
                        client.control(),
                        client.sequence(),
                        client.lastAnswer(),
                        client.isBegun(),
                        Optional.ofNullable(endpoint.data()),
                        transfers.saved(),
                        transfers.begun(),
                        client.isClosed()));
    }

    private Behavior<Object> behavior() {
        return Behaviors.receive(Object.class)
                .onMessage(SessionMessage.Command.class, command -> then(() -> onCommand(command)))
                .onMessage(Conversation.Saved.class, this::onSaved)
                .onMessage(Finished.class, finished -> then(() -> onFinished(finished)))
                .onMessage(SessionMessage.DataArrived.class, arrived -> then(() -> transfers.onArrived(arrived)))
                .onMessage(SessionMessage.TransferEnded.class, ended -> then(() -> transfers.onEnded(ended.result())))
                .onMessage(EndpointDesk.Leased.class, leased -> then(() -> endpoint.onLeased(leased)))
                .onMessage(SessionMessage.TlsEstablished.class, tls -> then(() -> onTls(tls.facts())))
                .onMessage(LoginDesk.Step.class, step -> then(() -> logins.onStep(step)))
                .onMessage(SessionMessage.Progress.class, progress -> then(() -> transfers.onProgress(progress)))
                .onMessage(SessionMessage.DataFailed.class, failed -> then(transfers::onFailed))
                .onMessage(EndpointDesk.Gone.class, gone -> then(() -> transfers.onGone(gone)))
                .onMessage(TransferDesk.Step.class, step -> then(() -> transfers.onStep(step)))
                .onMessage(
                        SessionMessage.ControlClosed.class,
                        closed -> then(() -> {
                            closed.control().tell(ControlMessage.Released.INSTANCE);
                            onControlClosed(closed.reason());
                        }))
                .onMessage(ControlLost.class, lost -> then(() -> onControlClosed("its node is lost")))
                .onMessage(Conversation.Ahead.class, this::onAhead)
                .onMessage(SessionMessage.Connected.class, again -> onConnectedAgain())
                .onMessage(SessionMessage.Wake.class, wake -> Behaviors.same())
                .onMessage(Moved.class, overdue -> onOverdue())
                .onMessage(SessionMessage.Kick.class, kick -> then(() -> onKick(kick.reason())))
                .onMessage(HandOff.class, handOff -> then(this::leave))
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    /** Does the step; the session ends once its client is gone and nothing runs or is still to be given back. */
    private Behavior<Object> then(Runnable step) {
        step.run();
        if (client.isClosed() && !transfers.isRunning() && !client.awaitsGrants()) {
            return Behaviors.stopped();
        }
        return leaving && isSettled() ? move() : Behaviors.same();
    }

    /** The shard moves: a short command ends first, a transfer goes on without this actor. */
    private void leave() {
        leaving = true;
        timers.startSingleTimer(Moved.OVERDUE, LONGEST_LEAVE);
    }

    private boolean isSettled() {
        boolean atRest = transfers.isRunning() ? transfers.isSettled() : !client.isUnanswered();
        return atRest && !client.awaitsGrants();
    }

    /** Writes what the next incarnation needs, and ends. What comes meanwhile is sent again, to that one. */
    private Behavior<Object> move() {
        movedAway = true;
        env.events().accept(new NodeEvent.HandedOff(client.state().link()));
        client.pipe(client.saveAll(), current -> Moved.SAVED, failure -> Moved.NOT_SAVED);
        return Behaviors.receive(Object.class)
                .onMessage(Moved.class, moved -> {
                    if (moved == Moved.NOT_SAVED) {
                        context.getLog().warn("session {} could not be written, trying again", client.sessionId());
                        return move();
                    }
                    return Behaviors.stopped();
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }

    /** A command takes too long: the next incarnation tells the client that nobody knows how it ended. */
    private Behavior<Object> onOverdue() {
        context.getLog()
                .warn(
                        "session {} moves in the middle of {}",
                        client.sessionId(),
                        client.request().verb());
        return move();
    }

    private Behavior<Object> onConnectedAgain() {
        if (client.sequence() == 0) {
            greet();
        }
        return Behaviors.same();
    }

    private Behavior<Object> onAhead(Conversation.Ahead ahead) {
        if (!ahead.current()) {
            return superseded();
        }
        return then(() -> ahead.next().accept(ahead.written()));
    }

    private Behavior<Object> superseded() {
        context.getLog().warn("session {} is owned by a newer incarnation", client.sessionId());
        movedAway = true;
        return Behaviors.stopped();
    }

    private void watchControl() {
        if (client.isApart()) {
            context.watchWith(client.control(), new ControlLost());
        }
    }

    private Behavior<Object> onConnected(SessionMessage.Connected connected) {
        client.talkTo(connected.control());
        Security security =
                connected.tls().map(facts -> Security.established(facts, true)).orElse(Security.CLEAR);
        client.become(SessionState.connected(connected.link(), security));
        watchControl();
        client.live().begins();
        connected.tls().ifPresent(facts -> {
            announce();
            env.events().accept(new NodeEvent.TlsStarted(connected.link(), facts));
        });
        greet();
        return behavior();
    }

    private void greet() {
        client.send(0, Reply.of(220, env.settings().greeting()), After.NOTHING);
    }

    /** Who says nothing is a balancer that looks whether we are there, not a client. */
    private void announce() {
        if (!announced) {
            announced = true;
            env.events().accept(new NodeEvent.Connected(client.state().link()));
        }
    }

    private void onTls(TlsFacts facts) {
        if (!client.state().security().tls()) {
            client.become(client.state().withSecurity(Security.established(facts, false)));
            env.events().accept(new NodeEvent.TlsStarted(client.state().link(), facts));
        }
    }

    private void onCommand(SessionMessage.Command command) {
        if (transfers.isCommand(command.sequence())) {
            transfers.repeated(command.sequence());
            return;
        }
        if (leaving || mustWait(command)) {
            // It is sent again, and finds the next incarnation or a node that is sure of itself.
            return;
        }
        announce();
        if (transfers.isRunning()) {
            transfers.onUrgent(command.verb(), command.sequence());
            return;
        }
        command.established().ifPresent(this::onTls);
        if (!client.begin(command)) {
            return;
        }
        SessionState state = client.state();
        Optional<CommandHandler> handler =
                CommandTable.standard().find(client.request().verb());
        if (handler.isEmpty()) {
            conclude(Reply.of(500, "Unknown command."), state.withRename(Optional.empty()));
            return;
        }
        Optional<Reply> refusal = Gate.refusal(handler.get().spec(), client.request(), state, client.policy());
        if (refusal.isPresent()) {
            conclude(refusal.get(), state.withRename(Optional.empty()));
        } else if (Conversation.CHANGING_VERBS.contains(client.request().verb())) {
            long answering = client.sequence();
            client.ahead(written -> {
                if (!client.isCurrent(answering)) {
                    return;
                }
                if (written) {
                    follow(handler.get().handle(client.request(), client.turn()));
                } else {
                    client.returnCommand();
                }
            });
        } else {
            follow(handler.get().handle(client.request(), client.turn()));
        }
    }

    /** A node that others may take for dead changes nothing until it knows better. */
    private boolean mustWait(SessionMessage.Command command) {
        return (Conversation.CHANGING_VERBS.contains(command.verb()) || TRANSFER_VERBS.contains(command.verb()))
                && !env.cluster().mayWrite();
    }

    private void follow(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            conclude(answered.reply(), answered.state());
        } else if (outcome instanceof Outcome.Pending pending) {
            long answering = client.sequence();
            client.pipe(
                    pending.stage(),
                    result -> new Finished(answering, result, null),
                    failure -> new Finished(answering, null, failure));
        } else if (outcome instanceof Outcome.Interruptible running) {
            client.interruptible(running.cancel());
            follow(new Outcome.Pending(running.stage()));
        } else if (outcome instanceof Outcome.Transferring transferring) {
            client.become(transferring.state());
            transfers.begin(client.sequence(), transferring.opening(), transferring.transfer());
        } else if (outcome instanceof Outcome.OpenPassive open) {
            endpoint.openPassive(open.extended());
        } else if (outcome instanceof Outcome.StartTls start) {
            startTls(start);
        } else if (outcome instanceof Outcome.EndTls end) {
            client.become(end.state());
            client.saveThenSend(end.reply(), After.END_TLS);
        } else if (outcome instanceof Outcome.Reinitialize again) {
            reinitialize(again.reply());
        } else if (outcome instanceof Outcome.LogIn logIn) {
            logins.withPassword(logIn.password());
        } else if (outcome instanceof Outcome.Identify identify) {
            endpoint.close();
            logins.identify(identify.user());
        } else if (outcome instanceof Outcome.CloseEndpoint close) {
            endpoint.close();
            conclude(close.reply(), close.state());
        } else if (outcome instanceof Outcome.Goodbye goodbye) {
            client.send(client.sequence(), goodbye.reply(), After.CLOSE);
        }
    }

    private void startTls(Outcome.StartTls start) {
        if (!env.tls().isReady()) {
            conclude(Reply.of(431, "TLS is not possible right now, please try again later."), client.state());
            return;
        }
        logins.logOut();
        endpoint.close();
        client.become(start.state().withEndpoint(Optional.empty()));
        client.send(client.sequence(), start.reply(), After.START_TLS);
    }

    private void reinitialize(Reply reply) {
        client.report(reply);
        logins.logOut();
        endpoint.close();
        SessionState state = client.state();
        client.become(SessionState.connected(state.link(), Security.CLEAR)
                .withLogin(state.login().reinitialized()));
        env.tls().forget(client.sessionId());
        client.send(client.sequence(), reply, state.link().implicitTls() ? After.CLOSE : After.REINITIALIZE);
    }

    private void onFinished(Finished finished) {
        if (!client.isCurrent(finished.sequence())) {
            return;
        }
        if (finished.outcome() != null) {
            follow(finished.outcome());
        } else if (finished.failure() != null) {
            if (!StorageReplies.isExpected(finished.failure())) {
                context.getLog()
                        .warn(
                                "{} failed in session {}",
                                client.request().verb(),
                                client.sessionId(),
                                finished.failure());
            }
            conclude(StorageReplies.of(finished.failure()), client.turn().state());
        }
    }

    /** Ends a command with its reply and the state from then on. */
    private void conclude(Reply reply, SessionState next) {
        String verb = client.request().verb();
        boolean used = TRANSFER_VERBS.contains(verb);
        SessionState after = used || verb.equals("HASH") ? next.withRestart(0) : next;
        if (!after.endpoint().equals(client.state().endpoint())) {
            endpoint.close();
        }
        client.become(verb.equals("RNTO") ? after.withRename(Optional.empty()) : after);
        if (used && after.endpoint().isPresent()) {
            endpoint.close();
            client.become(client.state().withEndpoint(Optional.empty()));
        }
        client.saveThenSend(reply, After.NOTHING);
    }

    private Behavior<Object> onSaved(Conversation.Saved saved) {
        if (!saved.current()) {
            return superseded();
        }
        return then(() -> client.send(saved.sequence(), saved.reply(), saved.after()));
    }

    private void onKick(String reason) {
        if (transfers.isRunning()) {
            transfers.onKicked();
        } else {
            endpoint.close();
        }
        client.send(0, Reply.of(421, reason), After.END);
    }

    private void onControlClosed(String reason) {
        SessionState state = client.state();
        client.close();
        if (!announced && SILENT_ENDS.contains(reason)) {
            env.events().accept(new NodeEvent.Probed(state.link().client().getHostAddress(), false));
        } else {
            announce();
            env.events()
                    .accept(new NodeEvent.Disconnected(
                            state.link(), state.login().name(), reason));
        }
        transfers.onControlClosed();
    }

    private Behavior<Object> onStopped() {
        client.live().ended();
        if (movedAway || !client.isConnected()) {
            return Behaviors.same();
        }
        transfers.release();
        logins.logOut();
        client.forgetRecord();
        env.tls().forget(client.sessionId());
        return Behaviors.same();
    }
}
