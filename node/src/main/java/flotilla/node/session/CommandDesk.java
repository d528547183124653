package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.command.Gate;
import flotilla.node.command.Outcome;
import flotilla.node.command.Policy;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of a session: it asks the handler of each verb for an outcome, carries the outcome out, and sends
 * the reply. Part of the session's actor.
 */
final class CommandDesk {
    /** The first code of the replies that refuse. */
    private static final int REFUSED = 400;

    /** Codes of the replies that refuse a login in clear: USER needs TLS (530), or CCC has ended TLS (534). */
    private static final Set<Integer> IN_CLEAR = Set.of(530, 534);

    /** The message that an asynchronous command has an outcome, or has failed. */
    record Finished(
            long sequence,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) implements SessionEvent {}

    private final ActorContext<SessionMessage> context;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final Grants grants;
    private final LoginDesk logins;
    private final EndpointDesk endpoint;
    private final TransferDesk transfers;
    private final WriteGate writing;
    private final Outcome.Cases<Runnable> steps = new Steps();
    private boolean toldInClear;

    CommandDesk(Parts parts, LoginDesk logins, EndpointDesk endpoint, TransferDesk transfers) {
        this.context = parts.context();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
        this.grants = parts.grants();
        this.logins = logins;
        this.endpoint = endpoint;
        this.transfers = transfers;
        this.writing = new WriteGate(env);
    }

    /**
     * Returns true for a command that changes files or moves data while this node may not write: other nodes may take
     * it for dead.
     */
    boolean mustWait(Call call) {
        return (call.does(Effect.CHANGES_FILES) || call.does(Effect.USES_DATA))
                && !env.cluster().mayWrite();
    }

    /** Returns true for a command that changes files while the session is frozen. A frozen transfer waits by itself. */
    boolean isFrozen(Call call) {
        return call.does(Effect.CHANGES_FILES) && session.isFrozen();
    }

    /** Runs a command at most once: for a command that changes files, first records that it has begun. */
    void onCommand(long number, Call call) {
        if (!client.begin(number, call)) {
            return;
        }
        SessionState state = session.state();
        Optional<Reply> refusal = Gate.refusal(call.spec(), call.request(), state, policy(call, state))
                .or(() -> writing.refusal(call));
        if (refusal.isPresent()) {
            noteLoginInClear(refusal.get());
            conclude(refusal.get(), state.withRename(Optional.empty()));
        } else if (call.does(Effect.CHANGES_FILES)) {
            long answering = session.sequence();
            client.ahead(written -> {
                if (!session.isCurrent(answering)) {
                    return;
                }
                if (written) {
                    handle(call);
                } else {
                    session.command().giveBack();
                }
            });
        } else {
            handle(call);
        }
    }

    /** The name that USER gives decides, not the one before it. */
    private Policy policy(Call call, SessionState state) {
        return session.policy(
                call.does(Effect.NAMES_USER)
                        ? call.request().text()
                        : state.login().name());
    }

    private void handle(Call call) {
        follow(call.handler().handle(call.request(), session.turn()));
    }

    /**
     * Reports a login that was refused because its password would travel in clear: an operator sees no other sign of
     * such a client. Reports it once in a session, because a client may try without end.
     */
    private void noteLoginInClear(Reply reply) {
        if (!toldInClear && IN_CLEAR.contains(reply.code()) && session.call().does(Effect.NAMES_USER)) {
            toldInClear = true;
            env.events()
                    .accept(new NodeEvent.LoginFailed(
                            session.state().link(),
                            Names.printable(session.call().request().text()),
                            NodeEvent.LoginFailure.TLS_REQUIRED,
                            reply.code()));
        }
    }

    private void follow(Outcome outcome) {
        outcome.match(steps).run();
    }

    /** Carries each kind of outcome out. */
    private final class Steps implements Outcome.Cases<Runnable> {
        @Override
        public Runnable answered(Outcome.Answered outcome) {
            return () -> {
                noteLoginInClear(outcome.reply());
                conclude(outcome.reply(), outcome.state());
            };
        }

        @Override
        public Runnable pending(Outcome.Pending outcome) {
            return () -> await(outcome.stage());
        }

        @Override
        public Runnable interruptible(Outcome.Interruptible outcome) {
            return () -> {
                session.command().interruptible(outcome.cancel());
                await(outcome.stage());
            };
        }

        @Override
        public Runnable transferring(Outcome.Transferring outcome) {
            return () -> {
                session.become(outcome.state());
                transfers.begin(session.sequence(), outcome.opening(), outcome.transfer());
            };
        }

        @Override
        public Runnable openPassive(Outcome.OpenPassive outcome) {
            return () -> endpoint.openPassive(outcome.extended());
        }

        @Override
        public Runnable startTls(Outcome.StartTls outcome) {
            return () -> CommandDesk.this.startTls(outcome);
        }

        @Override
        public Runnable endTls(Outcome.EndTls outcome) {
            return () -> {
                session.become(outcome.state());
                client.saveThenSend(outcome.reply(), After.END_TLS);
            };
        }

        @Override
        public Runnable reinitialize(Outcome.Reinitialize outcome) {
            return () -> CommandDesk.this.reinitialize(outcome.reply());
        }

        @Override
        public Runnable logIn(Outcome.LogIn outcome) {
            return () -> logins.withPassword(outcome.password());
        }

        @Override
        public Runnable identify(Outcome.Identify outcome) {
            return () -> {
                endpoint.close();
                logins.identify(outcome.user());
            };
        }

        @Override
        public Runnable closeEndpoint(Outcome.CloseEndpoint outcome) {
            return () -> {
                endpoint.close();
                conclude(outcome.reply(), outcome.state());
            };
        }

        @Override
        public Runnable goodbye(Outcome.Goodbye outcome) {
            return () -> client.send(session.sequence(), outcome.reply(), After.CLOSE);
        }
    }

    private void await(CompletionStage<? extends Outcome> stage) {
        long answering = session.sequence();
        grants.pipe(
                stage,
                result -> new Finished(answering, result, null),
                failure -> new Finished(answering, null, failure));
    }

    private void startTls(Outcome.StartTls start) {
        if (!env.tls().isReady()) {
            conclude(Reply.of(431, "TLS is not possible right now, please try again later."), session.state());
            return;
        }
        logins.logOut();
        endpoint.close();
        session.become(start.state().withEndpoint(Optional.empty()));
        client.send(session.sequence(), start.reply(), After.START_TLS);
    }

    private void reinitialize(Reply reply) {
        client.report(reply);
        logins.logOut();
        endpoint.close();
        SessionState state = session.state();
        session.become(SessionState.connected(state.link(), Security.CLEAR)
                .withLogin(state.login().forgotten()));
        env.tls().forget(session.sessionId());
        client.send(session.sequence(), reply, state.link().implicitTls() ? After.CLOSE : After.REINITIALIZE);
    }

    void onFinished(Finished finished) {
        if (!session.isCurrent(finished.sequence())) {
            return;
        }
        if (finished.outcome() != null) {
            follow(finished.outcome());
        } else if (finished.failure() != null) {
            if (!StorageReplies.isExpected(finished.failure())) {
                env.failures().tell(context.getLog(), session.call().verb(), session.sessionId(), finished.failure());
            }
            conclude(StorageReplies.of(finished.failure()), session.turn().state());
        }
    }

    /** Ends the current command: {@code next} becomes the state of the session, then the reply is sent. */
    void conclude(Reply reply, SessionState next) {
        Call call = session.call();
        boolean used = call.does(Effect.USES_DATA);
        if (used && reply.code() >= REFUSED && session.state().isLoggedIn()) {
            SessionState state = session.state();
            env.events()
                    .accept(new NodeEvent.TransferRefused(
                            state.link(), state.login().name(), call.verb(), call.shownArgument(), reply));
        }
        SessionState after = used || call.does(Effect.TAKES_OFFSET) ? next.withRestart(0) : next;
        if (!after.endpoint().equals(session.state().endpoint())) {
            endpoint.close();
        }
        session.become(call.does(Effect.TAKES_RENAME_SOURCE) ? after.withRename(Optional.empty()) : after);
        if (used && after.endpoint().isPresent()) {
            endpoint.close();
            session.become(session.state().withEndpoint(Optional.empty()));
        }
        client.saveThenSend(reply, After.NOTHING);
    }
}
