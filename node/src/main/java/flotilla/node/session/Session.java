package flotilla.node.session;

import flotilla.node.command.CommandHandler;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Gate;
import flotilla.node.command.Outcome;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The server-PI: one sharded actor for one control connection. It owns the protocol state and decides; the control connection
 * sends one command at a time and, during a transfer, ABOR and STAT. Everything slow comes back as a message.
 */
public final class Session {
    /** Verbs that use up REST and the data endpoint, whether they succeed or not (protocol.md, section 2.6). */
    private static final Set<String> TRANSFER_VERBS = Set.of("RETR", "STOR", "APPE", "STOU", "LIST", "NLST", "MLSD");

    /** Told to the entity when its shard moves away. */
    public enum HandOff implements SessionMessage {
        INSTANCE
    }

    private record Finished(
            long sequence,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) {}

    private final ActorContext<Object> context;
    private final SessionEnvironment env;
    private final Conversation client;
    private final LoginDesk logins;
    private final EndpointDesk endpoint;
    private final TransferDesk transfers;

    private Session(
            ActorContext<Object> context, TimerScheduler<Object> timers, SessionEnvironment env, String sessionId) {
        this.context = context;
        this.env = env;
        this.client = new Conversation(context, env, sessionId);
        this.logins = new LoginDesk(context, timers, env, client);
        this.endpoint = new EndpointDesk(context, env, client, this::conclude);
        this.transfers = new TransferDesk(context, timers, env, client, endpoint);
    }

    public static Behavior<SessionMessage> create(SessionEnvironment env, String sessionId) {
        return Behaviors.<Object>setup(context ->
                        Behaviors.withTimers(timers -> new Session(context, timers, env, sessionId).unconnected()))
                .narrow();
    }

    /** Before the client is there. A late message to a session that has ended makes a new one, which ends at once. */
    private Behavior<Object> unconnected() {
        return Behaviors.receive(Object.class)
                .onMessage(SessionMessage.Connected.class, this::onConnected)
                .onMessage(SessionMessage.Command.class, this::onLost)
                .onMessage(SessionMessage.DataArrived.class, arrived -> {
                    arrived.data().tell(DataMessage.Abort.INSTANCE);
                    return Behaviors.stopped();
                })
                .onAnyMessage(late -> Behaviors.stopped())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    /** The record of a logged-in session outlives its node; one that never logged in has none to go on with. */
    private Behavior<Object> onLost(SessionMessage.Command command) {
        client.talkTo(command.control());
        client.send(command.sequence(), Reply.of(421, "The session was lost, please reconnect."), After.CLOSE);
        return Behaviors.stopped();
    }

    private Behavior<Object> behavior() {
        return Behaviors.receive(Object.class)
                .onMessage(SessionMessage.Command.class, command -> then(() -> onCommand(command)))
                .onMessage(Conversation.Saved.class, this::onSaved)
                .onMessage(Finished.class, finished -> then(() -> onFinished(finished)))
                .onMessage(SessionMessage.DataArrived.class, arrived -> then(() -> transfers.onArrived(arrived)))
                .onMessage(SessionMessage.TransferEnded.class, ended -> then(() -> transfers.onEnded(ended.result())))
                .onMessage(EndpointDesk.Leased.class, leased -> then(() -> endpoint.onLeased(leased)))
                .onMessage(SessionMessage.TlsEstablished.class, tls -> then(() -> onTls(tls)))
                .onMessage(LoginDesk.Step.class, step -> then(() -> logins.onStep(step)))
                .onMessage(SessionMessage.Progress.class, progress -> then(() -> transfers.onProgress(progress)))
                .onMessage(SessionMessage.DataFailed.class, failed -> then(transfers::onFailed))
                .onMessage(EndpointDesk.Gone.class, gone -> then(() -> transfers.onGone(gone)))
                .onMessage(TransferDesk.Step.class, step -> then(() -> transfers.onStep(step)))
                .onMessage(SessionMessage.ControlClosed.class, closed -> then(() -> onControlClosed(closed.reason())))
                .onMessage(
                        SessionMessage.Kick.class,
                        kick -> then(() -> client.send(0, Reply.of(421, kick.reason()), After.CLOSE)))
                .onMessage(HandOff.class, handOff -> Behaviors.stopped())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    /** Does the step; the session ends once its client is gone and nothing runs or is still to be given back. */
    private Behavior<Object> then(Runnable step) {
        step.run();
        return client.isClosed() && !transfers.isRunning() && !client.awaitsGrants()
                ? Behaviors.stopped()
                : Behaviors.same();
    }

    private Behavior<Object> onConnected(SessionMessage.Connected connected) {
        client.talkTo(connected.control());
        Security security =
                connected.tls().map(facts -> Security.established(facts, true)).orElse(Security.CLEAR);
        client.become(SessionState.connected(connected.link(), security));
        env.events().accept(new NodeEvent.Connected(connected.link()));
        connected.tls().ifPresent(facts -> env.events().accept(new NodeEvent.TlsStarted(connected.link(), facts)));
        client.send(0, Reply.of(220, env.settings().greeting()), After.NOTHING);
        return behavior();
    }

    private void onTls(SessionMessage.TlsEstablished established) {
        client.become(client.state().withSecurity(Security.established(established.facts(), false)));
        env.events().accept(new NodeEvent.TlsStarted(client.state().link(), established.facts()));
    }

    private void onCommand(SessionMessage.Command command) {
        if (transfers.isRunning()) {
            transfers.onUrgent(command.verb(), command.sequence());
            return;
        }
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
        } else {
            follow(handler.get().handle(client.request(), client.turn()));
        }
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
            context.getLog().warn("session {} is owned by a newer incarnation", client.sessionId());
            return Behaviors.stopped();
        }
        client.send(saved.sequence(), saved.reply(), saved.after());
        return Behaviors.same();
    }

    private void onControlClosed(String reason) {
        SessionState state = client.state();
        client.close();
        env.events()
                .accept(new NodeEvent.Disconnected(state.link(), state.login().name(), reason));
        transfers.onControlClosed();
    }

    private Behavior<Object> onStopped() {
        transfers.release();
        logins.logOut();
        client.forgetRecord();
        env.tls().forget(client.sessionId());
        return Behaviors.same();
    }
}
