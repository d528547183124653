package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Anonymous FTP (RFC 1635): the names {@code anonymous} and {@code ftp}, in any case, log in with any password. Both are
 * the same user. It is asked before all other authenticators, so an account of that name cannot be used.
 */
final class Anonymous implements Source {
    /** Stands for it where sessions name their authenticator. No authenticator of an operator has this name. */
    static final String BY = "@anonymous";

    private static final Logger LOG = LoggerFactory.getLogger(Anonymous.class);
    private static final int MAX_ADDRESS = 100;

    private final Supplier<Optional<AnonymousSettings>> settings;

    /** @param settings those in force; empty while there are no anonymous logins */
    Anonymous(Supplier<Optional<AnonymousSettings>> settings) {
        this.settings = settings;
    }

    /** The account that holds now; empty while there are no anonymous logins. */
    Optional<User> user() {
        return settings.get().map(AnonymousSettings::user);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Attempt attempt) {
        Optional<User> user = user();
        if (user.isEmpty() || !AnonymousSettings.isName(attempt.user())) {
            return CompletableFuture.completedFuture(new Verdict.Unknown());
        }
        LOG.info(
                "anonymous login from {}, address given: \"{}\"",
                attempt.address().getHostAddress(),
                shown(attempt.password().reveal()));
        return CompletableFuture.completedFuture(new Verdict.Known(user.get()));
    }

    /**
     * The address that a client gave, as a log may show it: the beginning, without control characters. Anything else may
     * be somebody's password, and is not shown.
     */
    static String shown(String given) {
        if (!given.contains("@")) {
            return "none";
        }
        return given.codePoints()
                .filter(point -> !Character.isISOControl(point)
                        && Character.getType(point) != Character.FORMAT
                        && Character.getType(point) != Character.LINE_SEPARATOR
                        && Character.getType(point) != Character.PARAGRAPH_SEPARATOR)
                .limit(MAX_ADDRESS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public CompletionStage<Verdict> recognize(Attempt attempt) {
        return CompletableFuture.completedFuture(
                settings.get().isPresent() && AnonymousSettings.isName(attempt.user())
                        ? new Verdict.Refused(LoginFailure.WRONG_PASSWORD) // a password is asked
                        : new Verdict.Unknown());
    }

    @Override
    public CompletionStage<Optional<User>> refresh(String name) {
        return CompletableFuture.completedFuture(user());
    }
}
