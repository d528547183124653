package flotilla.node.session;

import flotilla.cluster.Limits;
import flotilla.cluster.User;
import flotilla.node.auth.AuthenticatorFailure;
import flotilla.node.auth.LoginResult;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Runs the logins of a session, by password or by certificate: it takes the user's slot, and delays or ends a
 * connection after a refusal. Part of the session's actor.
 */
final class LoginDesk {
    /** The messages that drive a login. */
    sealed interface Step extends SessionEvent {}

    record Decided(LoginResult result, boolean byCertificate) implements Step {}

    record Reviewed(String name, Optional<User> user) implements Step {}

    record NotReviewed() implements Step {}

    /** It is time to look up the account again. */
    record ReviewDue() implements Step {}

    record HomeOpened() implements Step {}

    record HomeLost(User user, Throwable why) implements Step {}

    record AskPassword(long sequence) implements Step {}

    record DelayedRefusal(Reply reply, After after) implements Step {}

    /** The only timer of its kind: a new login replaces it. */
    private static final Object REVIEW = new Object();

    private final ActorContext<SessionMessage> context;
    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final Grants grants;
    private final Consumer<String> end;

    /**
     * Begins without a login.
     *
     * @param end ends the session; the client reads the given reason
     */
    LoginDesk(Parts parts, Consumer<String> end) {
        this.context = parts.context();
        this.timers = parts.timers();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
        this.grants = parts.grants();
        this.end = end;
    }

    /** Runs PASS (RFC 959, section 4.1.1). */
    void withPassword(String password) {
        SessionState state = session.state();
        grants.pipeGrant(
                env.logins().withPassword(state.login().name(), password, state.link(), state.security()),
                result -> new Decided(result, false),
                this::broke);
    }

    /**
     * Runs USER (RFC 959, section 4.1.1): logs the former user out. A client certificate may log the new user in
     * without a password.
     */
    void identify(String name) {
        logOut();
        SessionState state = session.state();
        session.become(state.reset()
                .withSecurity(state.security())
                .withEndpoint(Optional.empty())
                .withLogin(state.reset().login().named(name)));
        if (!env.logins().mayTry(name)) {
            refuse(LoginFailure.NOT_LISTED);
            return;
        }
        if (state.security().facts().clientCertificate().isEmpty()) {
            askPassword();
            return;
        }
        long answering = session.sequence();
        grants.pipeGrant(
                env.logins().withCertificate(name, state.link(), state.security()),
                result ->
                        result.<Step>map(known -> new Decided(known, true)).orElseGet(() -> new AskPassword(answering)),
                this::broke);
    }

    private void askPassword() {
        client.saveThenSend(
                Reply.of(
                        331,
                        env.logins()
                                        .settings()
                                        .isAnonymous(session.state().login().name())
                                ? "Guests send their e-mail address as the password."
                                : "Please send the password."),
                After.NOTHING);
    }

    private Step broke(Throwable failure) {
        if (env.cluster().users().isUp() && !isToldAlready(failure)) {
            context.getLog().warn("the login of session {} failed", session.sessionId(), failure);
        } else { // the log tells of the database or the authenticator already
            context.getLog().debug("the login of session {} failed: {}", session.sessionId(), failure.toString());
        }
        return new Decided(new LoginResult.Refused(LoginFailure.DIRECTORY_FAILED), false);
    }

    private static boolean isToldAlready(Throwable failure) {
        return failure instanceof AuthenticatorFailure || failure.getCause() instanceof AuthenticatorFailure;
    }

    void onAskPassword(AskPassword ask) {
        if (session.isCurrent(ask.sequence())) {
            askPassword();
        }
    }

    void onDelayed(DelayedRefusal refusal) {
        client.send(session.sequence(), refusal.reply(), refusal.after());
    }

    void onReviewDue() {
        review();
        reviewLater();
    }

    /** Reads the account of the user again, because it may have changed. */
    void review() {
        if (session.isClosed() || !session.state().isLoggedIn()) {
            return;
        }
        String name = session.state().login().name();
        String by = session.state().login().by();
        grants.pipe(env.logins().refresh(by, name), user -> new Reviewed(name, user), failure -> {
            if (!isToldAlready(failure)) {
                context.getLog()
                        .warn(
                                "the account of session {} cannot be looked at: {}",
                                session.sessionId(),
                                failure.toString());
            }
            return new NotReviewed();
        });
    }

    /** Looks at the account again after a while, if its authenticator does not tell of changes. */
    void reviewLater() {
        Duration every = env.logins().refreshes(session.state().login().by());
        if (session.isClosed() || !session.state().isLoggedIn() || every.isZero()) {
            return;
        }
        long least = every.toMillis() * 3 / 4; // spread, so that not all sessions ask at once
        long wait = least + ThreadLocalRandom.current().nextLong(Math.max(1, every.toMillis() - least));
        timers.startSingleTimer(REVIEW, new ReviewDue(), Duration.ofMillis(wait));
    }

    /** Applies a changed account from the next command on. A running transfer continues as it was ordered. */
    void onReviewed(Reviewed reviewed) {
        Optional<User> now = reviewed.user();
        SessionState state = session.state();
        Optional<User> before = state.login().user().filter(user -> user.name().equals(reviewed.name()));
        if (session.isClosed() || before.isEmpty()) {
            return;
        }
        Optional<String> ending = AccountReview.ending(state, before.get(), now);
        if (ending.isPresent()) {
            end.accept(ending.get());
        } else if (!before.equals(now)) {
            session.become(state.withLogin(
                    state.login().as(now.orElseThrow(), state.login().by())));
            enterHome(now.orElseThrow());
        }
    }

    void onDecided(Decided decided) {
        LoginResult result = decided.result();
        if (result instanceof LoginResult.Accepted accepted) {
            if (session.isClosed()) {
                releaseSlot(accepted.user().name());
            } else {
                accept(accepted.user(), accepted.by(), decided.byCertificate());
            }
        } else if (result instanceof LoginResult.Refused refused && !session.isClosed()) {
            refuse(refused.why());
        }
        if (result instanceof LoginResult.Refused refused) {
            refused.ban().ifPresent(ban -> env.events().accept(new NodeEvent.Banned(ban.block(), ban.reason())));
        }
    }

    /** Takes a user in; the home was opened before the slot was taken. */
    private void accept(User user, String by, boolean byCertificate) {
        session.enter(Optional.of(home(user)));
        session.become(session.state().withLogin(session.state().login().as(user, by)));
        reviewLater();
        env.events().accept(new NodeEvent.LoggedIn(session.state().link(), user.name(), byCertificate));
        client.saveThenSend(Reply.of(byCertificate ? 232 : 230, session.told("Logged in.")), After.LOGGED_IN);
    }

    /** Gives the session of a logged-in user its file tree; ends it when the home cannot be opened. */
    void enterHome(User user) {
        AsyncStorage<UserTree> home = home(user);
        session.enter(Optional.of(home));
        grants.pipe(
                home.run(tree -> {
                    tree.openHome();
                    return true;
                }),
                opened -> new HomeOpened(),
                failure -> new HomeLost(user, failure));
    }

    /** Ends the session, unless it has another user or account meanwhile. */
    void onHomeLost(HomeLost lost) {
        env.logins().homeFailed(lost.user(), lost.why());
        if (!session.isClosed() && session.state().login().user().equals(Optional.of(lost.user()))) {
            end.accept(LoginRefusal.HOME_FAILED);
        }
    }

    private AsyncStorage<UserTree> home(User user) {
        Mount mount = Mount.of(user);
        return new AsyncStorage<>(
                () -> UserTree.open(env.backends(), mount), env.services().blocking());
    }

    private void refuse(LoginFailure why) {
        SessionState state = session.state();
        session.become(state.withLogin(state.login().failed()));
        LoginRefusal refusal = LoginRefusal.of(
                why, session.state().login().failures(), env.logins().settings());
        env.events()
                .accept(new NodeEvent.LoginFailed(
                        state.link(), state.login().name(), why, refusal.reply().code()));
        if (refusal.counts() && refusal.closes()) {
            client.limited(NodeEvent.Limit.LOGIN_ATTEMPTS);
        }
        client.report(refusal.reply());
        DelayedRefusal delayed = new DelayedRefusal(refusal.reply(), refusal.closes() ? After.CLOSE : After.NOTHING);
        Duration delay = refusal.counts() ? env.logins().settings().jitteredDelay() : Duration.ZERO;
        if (delay.isZero()) {
            onDelayed(delayed);
        } else {
            timers.startSingleTimer(delayed, delay);
        }
    }

    /** Releases the slot and the record of the logged-in user, if there is one. */
    void logOut() {
        if (session.isConnected() && session.state().isLoggedIn()) {
            releaseSlot(session.state().login().name());
            client.forgetRecord();
            session.enter(Optional.empty());
        }
    }

    private void releaseSlot(String user) {
        env.cluster().limits().release(Limits.Key.user(user), session.sessionId());
    }
}
