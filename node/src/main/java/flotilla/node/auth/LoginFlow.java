package flotilla.node.auth;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Limits;
import flotilla.cluster.MountPoint;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.event.RareLines;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Network;
import flotilla.node.state.Link;
import flotilla.node.state.Security;
import flotilla.node.tree.Backends;
import flotilla.node.tree.Mount;
import flotilla.storage.StorageException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a name and a password, or a client certificate, into a user with a session slot. The password is checked before
 * all other rules: without the right password, a client learns only that the login is incorrect.
 */
public final class LoginFlow {
    private static final Logger LOG = LoggerFactory.getLogger(LoginFlow.class);

    private final ClusterNode cluster;
    private final Authenticators authenticators;
    private final Backends backends;
    private final Executor blocking;
    private final Supplier<LoginSettings> settings;
    private final Guesses guesses;
    private final Predicate<String> names;
    private final RareLines rareLines = new RareLines();
    private final AtomicBoolean looksAtMounts = new AtomicBoolean();

    /**
     * Makes the flow.
     *
     * @param settings the settings in force, asked each time
     * @param names tells whether a user of that name may log in; must not block
     */
    public LoginFlow(
            ClusterNode cluster,
            Authenticators authenticators,
            Backends backends,
            Executor blocking,
            Supplier<LoginSettings> settings,
            Predicate<String> names) {
        this.names = names;
        this.cluster = cluster;
        this.authenticators = authenticators;
        this.backends = backends;
        this.blocking = blocking;
        this.settings = settings;
        this.guesses = new Guesses(blocking);
    }

    /** Returns true when a password or certificate of this user is looked at. Does not block. */
    public boolean mayTry(String name) {
        return names.test(name);
    }

    /** The limits of logins. */
    public LoginSettings settings() {
        return settings.get();
    }

    /**
     * Logs in with a password. The stage fails only when the server's own parts or an authenticator fail. The ban is
     * checked right before the password, because the connection may be older than the ban. Only a wrong password counts
     * towards a ban.
     */
    public CompletionStage<LoginResult> withPassword(String name, String password, Link link, Security security) {
        Attempt attempt = attempt(name, new Secret(password), link, security);
        return settings().isExempt(link.client())
                ? checked(attempt, link, security)
                : guesses.inTurn(link.client(), () -> checked(attempt, link, security));
    }

    private static Attempt attempt(String name, Secret password, Link link, Security security) {
        return new Attempt(
                name,
                password,
                link.client(),
                security.tls(),
                security.facts().clientCertificate(),
                security.facts().clientSubject());
    }

    private CompletionStage<LoginResult> checked(Attempt attempt, Link link, Security security) {
        if (cluster.bans().find(link.client()).isPresent()) {
            return refused(LoginFailure.BANNED);
        }
        return authenticators.authenticate(attempt).thenCompose(decision -> {
            if (decision.verdict() instanceof Verdict.Known known) {
                return admit(known.user(), decision.by(), link, security);
            }
            LoginFailure why =
                    decision.verdict() instanceof Verdict.Refused refused ? refused.why() : LoginFailure.UNKNOWN_USER;
            return why == LoginFailure.WRONG_PASSWORD || why == LoginFailure.UNKNOWN_USER
                    ? wrong(attempt.user(), link.client(), why)
                    : refused(why);
        });
    }

    /**
     * Counts a wrong password. It is wrong even when it cannot be counted. The reason of a ban is shown to many, so it has
     * no name in whose place a password may have been typed.
     */
    private CompletionStage<LoginResult> wrong(String name, InetAddress client, LoginFailure why) {
        if (settings().isExempt(client)) {
            return refused(why);
        }
        return cluster.bans()
                .loginFailed(
                        client,
                        settings().bans().threshold(),
                        settings().bans().window(),
                        settings().bans().duration(),
                        guesses.wrong(client, why == LoginFailure.WRONG_PASSWORD ? name : Names.hidden(name)))
                .exceptionally(notCounted -> Optional.empty())
                .thenApply(ban -> new LoginResult.Refused(why, ban));
    }

    /**
     * Logs in by the client certificate, if an authenticator recognizes it. Empty when a password is needed (RFC 4217,
     * section 15).
     */
    public CompletionStage<Optional<LoginResult>> withCertificate(String name, Link link, Security security) {
        if (security.facts().clientCertificate().isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (cluster.bans().find(link.client()).isPresent()) {
            return refused(LoginFailure.BANNED).thenApply(Optional::of);
        }
        return authenticators
                .recognize(attempt(name, new Secret(""), link, security))
                .thenCompose(decision -> decision.verdict() instanceof Verdict.Known known
                        ? admit(known.user(), decision.by(), link, security).thenApply(Optional::of)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /** The account of a logged-in user now, from the authenticator that let the user in; empty when it is gone. */
    public CompletionStage<Optional<User>> refresh(String by, String user) {
        return authenticators.refresh(by, user);
    }

    /** How often the account of a session is looked up again; zero when nothing but its changes need a look. */
    public Duration refreshes(String by) {
        return authenticators.refreshes(by);
    }

    private CompletionStage<LoginResult> admit(User user, String by, Link link, Security security) {
        Optional<LoginFailure> policy = policyFailure(user, link, security);
        if (policy.isPresent()) {
            return refused(policy.get());
        }
        return homeOpens(user)
                .thenCompose(opens -> opens ? takeSlot(user, by, link) : refused(LoginFailure.HOME_FAILED));
    }

    /** The reason why the account may not be used on that connection; empty when it may. */
    public static Optional<LoginFailure> policyFailure(User user, Link link, Security security) {
        if (!user.enabled()) {
            return Optional.of(LoginFailure.DISABLED);
        }
        Instant expires = user.expires();
        if (expires != null && !Instant.now().isBefore(expires)) {
            return Optional.of(LoginFailure.EXPIRED);
        }
        List<Network> networks =
                user.allowedNetworks().stream().map(Network::parse).toList();
        if (!networks.isEmpty() && !Network.anyContains(networks, link.client())) {
            return Optional.of(LoginFailure.ADDRESS_NOT_ALLOWED);
        }
        return user.tls() != TlsRequirement.LISTENER && !security.tls()
                ? Optional.of(LoginFailure.TLS_REQUIRED)
                : Optional.empty();
    }

    private CompletionStage<Boolean> homeOpens(User user) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Mount mount = Mount.of(user);
                        backends.open(mount);
                        tellOfMounts(user, mount);
                        return true;
                    } catch (StorageException e) {
                        homeFailed(user, e);
                        return false;
                    }
                },
                blocking);
    }

    /**
     * Logs, once a minute for each user, that mounts cannot be opened. The user logs in and sees the others. One thread at
     * most looks: a store that hangs must not take them all.
     */
    private void tellOfMounts(User user, Mount mount) {
        if (mount.mounts().isEmpty() || !looksAtMounts.compareAndSet(false, true)) {
            return;
        }
        try {
            blocking.execute(() -> {
                try {
                    mount.mounts().points().forEach(point -> tellOfMount(user, mount, point));
                } finally {
                    looksAtMounts.set(false);
                }
            });
        } catch (RejectedExecutionException busy) {
            looksAtMounts.set(false);
            LOG.debug("no thread to look at the mounts of {}", user.name(), busy);
        }
    }

    private void tellOfMount(User user, Mount mount, MountPoint point) {
        try {
            backends.open(mount.at(Optional.of(point)));
        } catch (StorageException e) {
            if (rareLines.next(user.name() + point.path(), System.nanoTime()).isPresent()) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                LOG.warn(
                        "the mount {} of user {} ({}) cannot be opened: {}",
                        point.path(),
                        user.name(),
                        point.place(),
                        cause.toString());
            }
        }
    }

    /** Logs, once a minute for each user, that a home cannot be opened and its user cannot log in. */
    public void homeFailed(User user, Throwable why) {
        if (rareLines.next(user.name(), System.nanoTime()).isPresent()) {
            Throwable cause = why.getCause() == null ? why : why.getCause();
            LOG.warn("the home {} of user {} cannot be opened: {}", user.home(), user.name(), cause.toString());
        }
    }

    private CompletionStage<LoginResult> takeSlot(User user, String by, Link link) {
        int max = user.maxSessions() > 0 ? user.maxSessions() : settings().maxSessionsPerUser();
        return cluster.limits()
                .acquire(Limits.Key.user(user.name()), link.holder(), max)
                .whenComplete((taken, failure) -> {
                    if (failure != null) { // the slot may be taken although its answer did not come in time
                        cluster.limits().release(Limits.Key.user(user.name()), link.sessionId());
                    }
                })
                .thenApply(taken -> {
                    if (!taken) {
                        return new LoginResult.Refused(LoginFailure.TOO_MANY_SESSIONS);
                    }
                    if (!settings().isExempt(link.client())) {
                        guesses.right(link.client(), user.name());
                    }
                    return new LoginResult.Accepted(user, by);
                });
    }

    private static CompletionStage<LoginResult> refused(LoginFailure why) {
        return CompletableFuture.completedFuture(new LoginResult.Refused(why));
    }
}
