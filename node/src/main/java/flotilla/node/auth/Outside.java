package flotilla.node.auth;

import flotilla.cluster.MountPoint;
import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.event.RareLines;
import flotilla.node.protocol.Network;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An authenticator of somebody else: asked on threads of its own, for a limited time, and never believed unchecked. */
final class Outside implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(Outside.class);
    private static final long IDLE_SECONDS = 30;
    private static final int LONGEST_NAME = 255;
    /** Users of the last logins, whose homes this node sweeps. */
    private static final int KEPT = 10_000;

    private final String name;
    private final Authenticator authenticator;
    private final AuthenticatorSettings settings;
    private final ThreadPoolExecutor threads;
    private final Answers answers = new Answers();
    private final RareLines rare = new RareLines();
    private final Map<String, User> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, User> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * Creates the source.
     *
     * @param name the authenticator's name in the configuration
     */
    Outside(String name, Authenticator authenticator, AuthenticatorSettings settings) {
        this.name = name;
        this.authenticator = authenticator;
        this.settings = settings;
        this.threads = new ThreadPoolExecutor(
                settings.threads(),
                settings.threads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.queue()),
                task -> {
                    Thread thread = new Thread(task, "flotilla-login-" + name);
                    thread.setDaemon(true);
                    return thread;
                });
        this.threads.allowCoreThreadTimeOut(true);
    }

    String name() {
        return name;
    }

    Answers answers() {
        return answers;
    }

    /** The users of the last logins. */
    Collection<User> recent() {
        synchronized (recent) {
            return List.copyOf(recent.values());
        }
    }

    @Override
    public CompletionStage<Verdict> authenticate(Attempt attempt) {
        return verdict(attempt, () -> authenticator.authenticate(attempt));
    }

    @Override
    public CompletionStage<Verdict> recognize(Attempt attempt) {
        return verdict(attempt, () -> authenticator.recognize(attempt));
    }

    private CompletionStage<Verdict> verdict(Attempt attempt, Callable<Verdict> question) {
        try {
            return ask(question, attempt.password()).thenApply(this::checked);
        } catch (RejectedExecutionException busy) {
            return CompletableFuture.completedFuture(new Verdict.Refused(LoginFailure.BUSY));
        }
    }

    private Verdict checked(Verdict verdict) {
        if (verdict instanceof Verdict.Known known) {
            User user = checked(known.user());
            synchronized (recent) {
                recent.put(user.name(), user);
            }
            answers.count(Answers.Kind.KNOWN);
            return new Verdict.Known(user);
        }
        answers.count(verdict instanceof Verdict.Refused ? Answers.Kind.REFUSED : Answers.Kind.UNKNOWN);
        return verdict;
    }

    /** Sessions, limits and logs go by the name, and the home decides what a client sees: neither may be missing. */
    private User checked(User user) {
        int length = user.name().getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_NAME || user.name().chars().anyMatch(Character::isISOControl)) {
            throw failed("it answered with an account whose name is empty, too long or has control characters");
        }
        if (user.home().isBlank()) {
            throw failed("it answered with an account without a home");
        }
        MountPoint.problem(user.mounts()).ifPresent(problem -> {
            throw failed("it answered with an account whose mounts are wrong: " + problem);
        });
        try {
            user.allowedNetworks().forEach(Network::parse);
        } catch (IllegalArgumentException e) {
            throw failed("it answered with an account whose networks are no CIDR blocks");
        }
        return user.withoutPassword();
    }

    @Override
    public CompletionStage<Optional<User>> refresh(String user) {
        try {
            return ask(() -> authenticator.refresh(user), new Secret("")).thenApply(found -> found.map(this::checked)
                    .filter(account -> account.name().equals(user)));
        } catch (RejectedExecutionException busy) {
            return CompletableFuture.failedFuture(failed("too many calls wait for it"));
        }
    }

    /** Asks on a thread of this authenticator, and gives up after the patience. */
    private <T> CompletionStage<T> ask(Callable<T> question, Secret secret) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Future<?> call = threads.submit(() -> {
            try {
                T given = question.call();
                if (given == null) {
                    throw new IllegalStateException("it answered null");
                }
                answer.complete(given);
            } catch (Exception
                    | LinkageError
                    | AssertionError
                    | StackOverflowError e) { // a jar of another release, too
                answer.completeExceptionally(e);
            }
        });
        return answer.orTimeout(settings.patience().toNanos(), TimeUnit.NANOSECONDS)
                .handle((given, failure) -> {
                    if (failure == null) {
                        return given;
                    }
                    call.cancel(true);
                    throw failed(
                            failure instanceof TimeoutException
                                    ? "it did not answer within "
                                            + settings.patience().toMillis() + " ms"
                                    : secret.hiddenIn(failure.toString()));
                });
    }

    private AuthenticatorFailure failed(String why) {
        answers.count(Answers.Kind.FAILED);
        rare.next("failed", System.nanoTime())
                .ifPresent(more -> LOG.warn(
                        "the authenticator {} cannot be used, so logins are refused: {}; {} calls have failed so far",
                        name,
                        why,
                        answers.counted(Answers.Kind.FAILED)));
        return new AuthenticatorFailure("the authenticator " + name + ": " + why);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            authenticator.close();
        } catch (Exception | LinkageError e) {
            LOG.warn("the authenticator {} failed at its end: {}", name, e.toString());
        }
    }
}
