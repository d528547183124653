package flotilla.node.session;

import flotilla.cluster.Limits;
import flotilla.cluster.User;
import flotilla.node.auth.LoginResult;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.StorageException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** The session's logins: by password or certificate, what a refused one costs, and the user's slot. Part of the session's actor. */
final class LoginDesk {
    /** What the desk tells itself through the actor. */
    sealed interface Step {}

    private record Decided(LoginResult result, boolean byCertificate) implements Step {}

    private record Reviewed(String name, Optional<User> user) implements Step {}

    private record NotReviewed() implements Step {}

    private record AskPassword(long sequence) implements Step {}

    private record DelayedRefusal(Reply reply, After after) implements Step {}

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private final Consumer<String> end;

    /** @param end ends the session, and tells its client why */
    LoginDesk(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            SessionEnvironment env,
            Conversation client,
            Consumer<String> end) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.client = client;
        this.end = end;
    }

    /** PASS. */
    void withPassword(String password) {
        SessionState state = client.state();
        client.pipeGrant(
                env.logins().withPassword(state.login().name(), password, state.link(), state.security()),
                result -> new Decided(result, false),
                this::broke);
    }

    /** USER: whoever was logged in is not any more; a client certificate may be enough for the new name. */
    void identify(String name) {
        logOut();
        SessionState state = client.state();
        client.become(state.reset()
                .withSecurity(state.security())
                .withEndpoint(Optional.empty())
                .withLogin(state.reset().login().named(name)));
        if (state.security().facts().clientCertificate().isEmpty()) {
            askPassword();
            return;
        }
        long answering = client.sequence();
        client.pipeGrant(
                env.logins().withCertificate(name, state.link(), state.security()),
                result ->
                        result.<Step>map(known -> new Decided(known, true)).orElseGet(() -> new AskPassword(answering)),
                this::broke);
    }

    private void askPassword() {
        client.saveThenSend(Reply.of(331, "Please send the password."), After.NOTHING);
    }

    private Step broke(Throwable failure) {
        if (env.cluster().users().isUp()) {
            context.getLog().warn("the login of session {} failed", client.sessionId(), failure);
        } else { // told once, by the database
            context.getLog().debug("the login of session {} failed: {}", client.sessionId(), failure.toString());
        }
        // An answer that did not come in time may still have taken a slot.
        releaseSlot(client.state().login().name());
        return new Decided(new LoginResult.Refused(LoginFailure.DIRECTORY_FAILED), false);
    }

    void onStep(Step step) {
        if (step instanceof AskPassword ask) {
            if (client.isCurrent(ask.sequence())) {
                askPassword();
            }
        } else if (step instanceof DelayedRefusal refusal) {
            client.send(client.sequence(), refusal.reply(), refusal.after());
        } else if (step instanceof Decided decided) {
            decided(decided.result(), decided.byCertificate());
        } else if (step instanceof Reviewed reviewed) {
            reviewed(reviewed.name(), reviewed.user());
        }
    }

    /** Looks at the account of the user who is logged in, which may have changed. */
    void review() {
        if (client.isClosed() || !client.state().isLoggedIn()) {
            return;
        }
        String name = client.state().login().name();
        client.pipe(env.cluster().users().find(name), user -> new Reviewed(name, user), failure -> {
            context.getLog().warn("the account of session {} cannot be looked at: {}", client.sessionId(), failure);
            return new NotReviewed();
        });
    }

    /** What has changed holds from the next command on; a running transfer goes on as it was ordered. */
    private void reviewed(String name, Optional<User> now) {
        SessionState state = client.state();
        Optional<User> before = state.login().user().filter(user -> user.name().equals(name));
        if (client.isClosed() || before.isEmpty()) {
            return;
        }
        Optional<String> ending = AccountReview.ending(state, before.get(), now);
        if (ending.isPresent()) {
            end.accept(ending.get());
        } else if (!before.equals(now)) {
            client.become(state.withLogin(state.login().as(now.orElseThrow())));
            enterHome(now.orElseThrow());
        }
    }

    private void decided(LoginResult result, boolean byCertificate) {
        if (result instanceof LoginResult.Accepted accepted) {
            if (client.isClosed()) {
                releaseSlot(accepted.user().name());
            } else {
                accept(accepted.user(), byCertificate);
            }
        } else if (result instanceof LoginResult.Refused refused && !client.isClosed()) {
            refuse(refused.why());
        }
        if (result instanceof LoginResult.Refused refused) {
            refused.ban().ifPresent(ban -> env.events().accept(new NodeEvent.Banned(ban.block(), ban.reason())));
        }
    }

    private void accept(User user, boolean byCertificate) {
        if (!entersHome(user)) {
            releaseSlot(user.name());
            refuse(LoginFailure.HOME_FAILED);
            return;
        }
        client.become(client.state().withLogin(client.state().login().as(user)));
        env.events().accept(new NodeEvent.LoggedIn(client.state().link(), user.name(), byCertificate));
        client.saveThenSend(Reply.of(byCertificate ? 232 : 230, "Logged in."), After.LOGGED_IN);
    }

    /** Opens the tree of a user who is logged in; the session ends when it cannot be opened. */
    void enterHome(User user) {
        if (!entersHome(user)) {
            end.accept(LoginRefusal.HOME_FAILED);
        }
    }

    private boolean entersHome(User user) {
        try {
            Mount mount = Mount.of(user);
            client.enter(Optional.of(new UserTree(env.backends().shared(mount), mount)));
            return true;
        } catch (StorageException e) {
            env.logins().homeFailed(user, e);
            return false;
        }
    }

    private void refuse(LoginFailure why) {
        SessionState state = client.state();
        env.events()
                .accept(new NodeEvent.LoginFailed(state.link(), state.login().name(), why));
        client.become(state.withLogin(state.login().failed()));
        LoginRefusal refusal = LoginRefusal.of(
                why, client.state().login().failures(), env.logins().settings());
        if (refusal.counts() && refusal.closes()) {
            client.limited(NodeEvent.Limit.LOGIN_ATTEMPTS);
        }
        client.report(refusal.reply());
        DelayedRefusal delayed = new DelayedRefusal(refusal.reply(), refusal.closes() ? After.CLOSE : After.NOTHING);
        Duration delay = refusal.counts() ? env.logins().settings().jitteredDelay() : Duration.ZERO;
        if (delay.isZero()) {
            onStep(delayed);
        } else {
            timers.startSingleTimer(delayed, delay);
        }
    }

    /** Gives back the slot and the record of whoever is logged in. */
    void logOut() {
        if (client.isConnected() && client.state().isLoggedIn()) {
            releaseSlot(client.state().login().name());
            client.forgetRecord();
            client.enter(Optional.empty());
        }
    }

    private void releaseSlot(String user) {
        env.cluster().limits().release(Limits.Key.user(user), client.sessionId());
    }
}
