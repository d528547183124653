package flotilla.node.session;

import flotilla.node.auth.LoginResult;
import flotilla.node.command.CommandHandler;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Gate;
import flotilla.node.command.Outcome;
import flotilla.node.command.Policy;
import flotilla.node.command.Turn;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.Endpoint;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.StorageException;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
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

    private static final Set<String> CHANGING_VERBS =
            Set.of("DELE", "MKD", "XMKD", "RMD", "XRMD", "RNTO", "MFMT", "MFF", "SITE");

    /** Told to the entity when its shard moves away. */
    public enum HandOff implements SessionMessage {
        INSTANCE
    }

    private record Finished(
            long sequence,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) {}

    private record Saved(long sequence, Reply reply, After after, boolean current) {}

    private record LoggedIn(LoginResult result) {}

    private record Leased(boolean extended, OptionalInt port) {}

    private record DelayedRefusal(Reply reply, After after) {}

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final String sessionId;
    private final SessionRecords records;
    private final TransferDesk transfers;
    private @Nullable ActorRef<ControlMessage> control;
    private @Nullable SessionState state;
    private Optional<UserTree> home = Optional.empty();
    private long sequence;
    private Request request = Request.of("NOOP");
    private boolean controlClosed;
    /** Ends the command that runs, once that can be done; ABOR asks for it. */
    private @Nullable Runnable interrupt;

    /** ABORs that came during such a command: answered after it. */
    private List<Long> aborts = List.of();
    /** Grants of shared state that were asked for and have not come: they must be given back also after the client is gone. */
    private int awaited;

    /** Whether the command of {@link #sequence} still waits for its reply. */
    private boolean unanswered;

    private Session(
            ActorContext<Object> context, TimerScheduler<Object> timers, SessionEnvironment env, String sessionId) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.sessionId = sessionId;
        this.records = new SessionRecords(env.cluster().sessions(), sessionId);
        this.transfers = new TransferDesk(context, timers, env, sessionId, new TransferDesk.Client() {
            @Override
            public void reply(long answered, Reply reply) {
                send(answered, reply, After.NOTHING);
            }

            @Override
            public void orderOut(ControlMessage order) {
                control().tell(order);
            }

            @Override
            public SessionState state() {
                return Session.this.state();
            }

            @Override
            public void transferOver(Reply last) {
                onTransferOver(last);
            }
        });
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
                    arrived.data().tell(flotilla.node.message.DataMessage.Abort.INSTANCE);
                    return Behaviors.stopped();
                })
                .onAnyMessage(late -> Behaviors.stopped())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    /** The record of a logged-in session outlives its node; one that never logged in has none to go on with. */
    private Behavior<Object> onLost(SessionMessage.Command command) {
        control = command.control();
        send(command.sequence(), Reply.of(421, "The session was lost, please reconnect."), After.CLOSE);
        return Behaviors.stopped();
    }

    private Behavior<Object> behavior() {
        return Behaviors.receive(Object.class)
                .onMessage(SessionMessage.Command.class, this::onCommand)
                .onMessage(Saved.class, this::onSaved)
                .onMessage(Finished.class, this::onFinished)
                .onMessage(SessionMessage.DataArrived.class, arrived -> same(() -> transfers.onArrived(arrived)))
                .onMessage(SessionMessage.TransferEnded.class, ended -> same(() -> transfers.onEnded(ended.result())))
                .onMessage(Leased.class, this::onLeased)
                .onMessage(SessionMessage.TlsEstablished.class, this::onTls)
                .onMessage(LoggedIn.class, this::onLoggedIn)
                .onMessage(
                        DelayedRefusal.class, refusal -> same(() -> send(sequence, refusal.reply(), refusal.after())))
                .onMessage(SessionMessage.Progress.class, progress -> same(() -> transfers.onProgress(progress)))
                .onMessage(SessionMessage.DataFailed.class, failed -> same(transfers::onFailed))
                .onMessage(TransferDesk.Step.class, step -> same(() -> transfers.onStep(step)))
                .onMessage(SessionMessage.ControlClosed.class, closed -> onControlClosed(closed.reason()))
                .onMessage(
                        SessionMessage.Kick.class,
                        kick -> same(() -> send(0, Reply.of(421, kick.reason()), After.CLOSE)))
                .onMessage(HandOff.class, handOff -> Behaviors.stopped())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    private Behavior<Object> same(Runnable step) {
        step.run();
        return next();
    }

    private Behavior<Object> next() {
        return controlClosed && !transfers.isRunning() && awaited == 0 ? Behaviors.stopped() : Behaviors.same();
    }

    private Behavior<Object> onConnected(SessionMessage.Connected connected) {
        control = connected.control();
        Security security =
                connected.tls().map(facts -> Security.established(facts, true)).orElse(Security.CLEAR);
        state = SessionState.connected(connected.link(), security);
        env.events().accept(new NodeEvent.Connected(connected.link()));
        connected.tls().ifPresent(facts -> env.events().accept(new NodeEvent.TlsStarted(connected.link(), facts)));
        send(0, Reply.of(220, env.settings().greeting()), After.NOTHING);
        return behavior();
    }

    private Behavior<Object> onCommand(SessionMessage.Command command) {
        if (transfers.isRunning()) {
            transfers.onUrgent(command.verb(), command.sequence());
            return Behaviors.same();
        }
        if (command.sequence() <= sequence) {
            return Behaviors.same();
        }
        if (unanswered && request.isInterruptible() && command.verb().equals("ABOR")) {
            aborts = new ArrayList<>(aborts);
            aborts.add(command.sequence());
            interruptIfAsked();
            return Behaviors.same();
        }
        unanswered = true;
        sequence = command.sequence();
        request = new Request(command.verb(), command.argument());
        Optional<CommandHandler> handler = CommandTable.standard().find(request.verb());
        if (handler.isEmpty()) {
            conclude(Reply.of(500, "Unknown command."), state().withRename(Optional.empty()));
            return Behaviors.same();
        }
        Optional<Reply> refusal = Gate.refusal(handler.get().spec(), request, state(), policy());
        if (refusal.isPresent()) {
            conclude(refusal.get(), state().withRename(Optional.empty()));
        } else {
            follow(handler.get().handle(request, turn()));
        }
        return Behaviors.same();
    }

    private Turn turn() {
        SessionState seen = request.verb().equals("RNTO") ? state() : state().withRename(Optional.empty());
        return new Turn(seen, home, policy(), CommandTable.standard(), env.services());
    }

    private Policy policy() {
        return env.settings().policy(state().link());
    }

    private void follow(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            conclude(answered.reply(), answered.state());
        } else if (outcome instanceof Outcome.Pending pending) {
            long answering = sequence;
            pipe(
                    pending.stage(),
                    result -> new Finished(answering, result, null),
                    failure -> new Finished(answering, null, failure));
        } else if (outcome instanceof Outcome.Interruptible running) {
            interrupt = running.cancel();
            interruptIfAsked();
            follow(new Outcome.Pending(running.stage()));
        } else if (outcome instanceof Outcome.Transferring transferring) {
            state = transferring.state();
            transfers.begin(sequence, transferring.opening(), transferring.transfer());
        } else if (outcome instanceof Outcome.OpenPassive open) {
            openPassive(open.extended());
        } else if (outcome instanceof Outcome.StartTls && !env.tls().isReady()) {
            conclude(Reply.of(431, "TLS is not possible right now, please try again later."), state());
        } else if (outcome instanceof Outcome.StartTls start) {
            releaseUser();
            transfers.closeEndpoint();
            state = start.state().withEndpoint(Optional.empty());
            send(sequence, start.reply(), After.START_TLS);
        } else if (outcome instanceof Outcome.EndTls end) {
            state = end.state();
            report(end.reply());
            saveThenSend(end.reply(), After.END_TLS);
        } else if (outcome instanceof Outcome.Reinitialize again) {
            reinitialize(again.reply());
        } else if (outcome instanceof Outcome.LogIn logIn) {
            String name = state().login().name();
            pipeGrant(
                    env.logins().withPassword(name, logIn.password(), state().link(), state().security()),
                    LoggedIn::new,
                    this::loginBroke);
        } else if (outcome instanceof Outcome.Identify identify) {
            identify(identify.user());
        } else if (outcome instanceof Outcome.CloseEndpoint close) {
            transfers.closeEndpoint();
            conclude(close.reply(), close.state());
        } else if (outcome instanceof Outcome.Goodbye goodbye) {
            send(sequence, goodbye.reply(), After.CLOSE);
        }
    }

    private void interruptIfAsked() {
        if (interrupt != null && (controlClosed || !aborts.isEmpty())) {
            interrupt.run();
        }
    }

    private void reinitialize(Reply reply) {
        report(reply);
        releaseUser();
        transfers.closeEndpoint();
        state = SessionState.connected(state().link(), Security.CLEAR)
                .withLogin(state().login().reinitialized());
        env.tls().forget(sessionId);
        send(sequence, reply, state().link().implicitTls() ? After.CLOSE : After.REINITIALIZE);
    }

    private Behavior<Object> onFinished(Finished finished) {
        if (finished.sequence() != sequence || controlClosed) {
            return next();
        }
        if (finished.outcome() != null) {
            follow(finished.outcome());
        } else if (finished.failure() != null) {
            if (!StorageReplies.isExpected(finished.failure())) {
                context.getLog().warn("{} failed in session {}", request.verb(), sessionId, finished.failure());
            }
            conclude(StorageReplies.of(finished.failure()), turn().state());
        }
        return Behaviors.same();
    }

    /** Ends a command: the state is written through before the reply that shows it leaves. */
    private void conclude(Reply reply, SessionState next) {
        boolean used = TRANSFER_VERBS.contains(request.verb());
        boolean renamed = request.verb().equals("RNTO");
        SessionState after = used ? next.withRestart(0) : request.verb().equals("HASH") ? next.withRestart(0) : next;
        if (!after.endpoint().equals(state().endpoint())) {
            transfers.closeEndpoint();
        }
        state = renamed ? after.withRename(Optional.empty()) : after;
        if (used && state().endpoint().isPresent()) {
            transfers.closeEndpoint();
            state = state().withEndpoint(Optional.empty());
        }
        report(reply);
        saveThenSend(reply, After.NOTHING);
    }

    private void saveThenSend(Reply reply, After after) {
        long answering = sequence;
        Optional<CompletionStage<Boolean>> saving = records.save(state());
        if (saving.isEmpty()) {
            send(answering, reply, after);
        } else {
            pipe(saving.get(), current -> new Saved(answering, reply, after, current), failure -> {
                context.getLog().warn("session {} could not be written", sessionId, failure);
                return new Saved(answering, reply, after, true);
            });
        }
    }

    private Behavior<Object> onSaved(Saved saved) {
        if (!saved.current()) {
            context.getLog().warn("session {} is owned by a newer incarnation", sessionId);
            return Behaviors.stopped();
        }
        send(saved.sequence(), saved.reply(), saved.after());
        return Behaviors.same();
    }

    private void identify(String name) {
        transfers.closeEndpoint();
        releaseUser();
        state = state().reset().withSecurity(state().security());
        state = state().withEndpoint(Optional.empty()).withLogin(state().login().named(name));
        Reply password = Reply.of(331, "Please send the password.");
        if (state().security().facts().clientCertificate().isEmpty()) {
            conclude(password, state());
            return;
        }
        long answering = sequence;
        pipeGrant(
                env.logins().withCertificate(name, state().link(), state().security()),
                result -> result.<Object>map(LoggedIn::new)
                        .orElseGet(() -> new Finished(answering, new Outcome.Answered(password, state()), null)),
                this::loginBroke);
    }

    private Object loginBroke(Throwable failure) {
        context.getLog().warn("the login of session {} failed", sessionId, failure);
        return new LoggedIn(new LoginResult.Refused(NodeEvent.LoginFailure.DIRECTORY_FAILED));
    }

    private Behavior<Object> onLoggedIn(LoggedIn loggedIn) {
        if (controlClosed) {
            if (loggedIn.result() instanceof LoginResult.Accepted late) {
                releaseSlot(late.user().name());
            }
        } else if (loggedIn.result() instanceof LoginResult.Accepted accepted) {
            boolean byCertificate = request.verb().equals("USER");
            try {
                Mount mount = Mount.of(accepted.user());
                home = Optional.of(new UserTree(env.backends().shared(mount), mount));
            } catch (StorageException e) {
                context.getLog()
                        .warn("the home of {} cannot be opened", accepted.user().name(), e);
            }
            state = state().withLogin(state().login().as(accepted.user()));
            env.events()
                    .accept(new NodeEvent.LoggedIn(
                            state().link(), accepted.user().name(), byCertificate));
            Reply reply = Reply.of(byCertificate ? 232 : 230, "Logged in.");
            report(reply);
            saveThenSend(reply, After.LOGGED_IN);
        } else if (loggedIn.result() instanceof LoginResult.Refused refused) {
            refuseLogin(refused.why());
        }
        return next();
    }

    private void refuseLogin(NodeEvent.LoginFailure why) {
        env.events()
                .accept(new NodeEvent.LoginFailed(
                        state().link(), state().login().name(), why));
        state = state().withLogin(state().login().failed());
        LoginRefusal refusal =
                LoginRefusal.of(why, state().login().failures(), env.logins().settings());
        if (refusal.counts()) {
            countFailure();
        }
        if (refusal.counts() && refusal.closes()) {
            limited(NodeEvent.Limit.LOGIN_ATTEMPTS);
        }
        report(refusal.reply());
        DelayedRefusal delayed = new DelayedRefusal(refusal.reply(), refusal.closes() ? After.CLOSE : After.NOTHING);
        Duration delay = refusal.counts() ? env.logins().settings().jitteredDelay() : Duration.ZERO;
        if (delay.isZero()) {
            send(sequence, delayed.reply(), delayed.after());
        } else {
            timers.startSingleTimer(delayed, delay);
        }
    }

    private void countFailure() {
        var settings = env.logins().settings();
        if (settings.banThreshold() > 0) {
            env.cluster()
                    .bans()
                    .loginFailed(
                            state().link().client(),
                            settings.banThreshold(),
                            settings.banWindow(),
                            settings.banDuration())
                    .thenAccept(ban ->
                            ban.ifPresent(b -> env.events().accept(new NodeEvent.Banned(b.block(), b.reason()))));
        }
    }

    private void openPassive(boolean extended) {
        transfers.closeEndpoint();
        state = turn().state().withEndpoint(Optional.empty());
        pipeGrant(
                env.cluster().passivePool().lease(sessionId, state().link().client()),
                port -> new Leased(extended, port),
                failure -> new Leased(extended, OptionalInt.empty()));
    }

    private Behavior<Object> onLeased(Leased leased) {
        if (controlClosed) {
            leased.port().ifPresent(port -> env.cluster()
                    .passivePool()
                    .release(sessionId, port, state().link().client()));
            return next();
        }
        if (leased.port().isEmpty()) {
            limited(NodeEvent.Limit.PASSIVE_PORTS);
            conclude(Reply.of(425, "No passive port is free for you, please try again."), state());
            return Behaviors.same();
        }
        int port = leased.port().getAsInt();
        state = state().withEndpoint(Optional.of(new Endpoint.Passive(port)));
        Reply reply = leased.extended()
                ? Reply.of(229, "Entering Extended Passive Mode (|||" + port + "|)")
                : Reply.of(227, "Entering Passive Mode (" + HostPort.format(announced(), port) + ").");
        conclude(reply, state());
        return Behaviors.same();
    }

    /** The address the client dialled; the configured one for clients from outside. */
    private Inet4Address announced() {
        var settings = env.settings();
        boolean outside = settings.passiveAddress().isPresent()
                && !flotilla.node.auth.Networks.contains(
                        settings.localNetworks(), state().link().client());
        return outside
                ? settings.passiveAddress().get()
                : (Inet4Address) state().link().local();
    }

    private Behavior<Object> onTls(SessionMessage.TlsEstablished established) {
        state = state().withSecurity(Security.established(established.facts(), false));
        env.events().accept(new NodeEvent.TlsStarted(state().link(), established.facts()));
        return Behaviors.same();
    }

    private void onTransferOver(Reply last) {
        state = state().withEndpoint(Optional.empty())
                .withRestart(0)
                .withParameters(state().parameters().withAnnounced(0));
        records.save(state());
        report(last);
    }

    private void limited(NodeEvent.Limit limit) {
        env.events().accept(new NodeEvent.Limited(state().link().client().getHostAddress(), limit));
    }

    private void send(long answered, Reply reply, After after) {
        tell(answered, reply, after);
        if (answered == sequence && !reply.isPreliminary()) {
            unanswered = false;
            interrupt = null;
            aborts.forEach(abort -> tell(abort, Reply.of(226, "Abort successful."), After.NOTHING));
            aborts = List.of();
        }
    }

    private void tell(long answered, Reply reply, After after) {
        control()
                .tell(new ControlMessage.Answer(
                        answered,
                        reply.code(),
                        reply.encode(),
                        !reply.isPreliminary(),
                        after,
                        context.getSelf().unsafeUpcast()));
    }

    /** Tells the trace and the log of changes about a command and its reply. */
    private void report(Reply reply) {
        String user = state().login().name();
        if (env.events().traces(user, state().link().client().getHostAddress())) {
            env.events()
                    .accept(new NodeEvent.Exchanged(
                            state().link(), user, request.redacted(), reply.code(), reply.text()));
        }
        if (CHANGING_VERBS.contains(request.verb()) && state().isLoggedIn()) {
            env.events()
                    .accept(new NodeEvent.TreeChanged(
                            state().link(),
                            user,
                            request.verb().toUpperCase(Locale.ROOT),
                            Names.printable(request.text()),
                            Optional.empty(),
                            !reply.isRefusal()));
        }
    }

    private Behavior<Object> onControlClosed(String reason) {
        controlClosed = true;
        if (state != null) {
            env.events()
                    .accept(new NodeEvent.Disconnected(
                            state.link(), state.login().name(), reason));
        }
        interruptIfAsked();
        transfers.onControlClosed();
        return next();
    }

    private Behavior<Object> onStopped() {
        transfers.release();
        releaseUser();
        records.remove();
        env.tls().forget(sessionId);
        return Behaviors.same();
    }

    private void releaseSlot(String user) {
        env.cluster().limits().release(flotilla.cluster.Limits.Key.user(user), sessionId);
    }

    private void releaseUser() {
        if (state != null && state.isLoggedIn()) {
            releaseSlot(state.login().name());
            records.remove();
            home = Optional.empty();
        }
    }

    /** As {@link #pipe}, for what must be given back if the client is gone when it comes. */
    private <T> void pipeGrant(
            CompletionStage<? extends T> stage, Function<T, Object> success, Function<Throwable, Object> failure) {
        awaited++;
        context.pipeToSelf(stage, (value, error) -> {
            awaited--;
            return error == null ? success.apply(value) : failure.apply(error);
        });
    }

    private <T> void pipe(
            CompletionStage<? extends T> stage, Function<T, Object> success, Function<Throwable, Object> failure) {
        context.pipeToSelf(stage, (value, error) -> error == null ? success.apply(value) : failure.apply(error));
    }

    private SessionState state() {
        if (state == null) {
            throw new IllegalStateException("session " + sessionId + " is not connected");
        }
        return state;
    }

    private ActorRef<ControlMessage> control() {
        if (control == null) {
            throw new IllegalStateException("session " + sessionId + " has no control connection");
        }
        return control;
    }
}
