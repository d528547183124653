package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.node.event.NodeEvent.LoginFailure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts of the cluster. A name without an account costs as much time as one with an account. The hash of another
 * system is replaced at the first login with it, while the database answers; otherwise at a later one.
 */
final class Accounts implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private final UserDirectory users;
    private final PasswordVerifier passwords;

    Accounts(UserDirectory users, PasswordVerifier passwords) {
        this.users = users;
        this.passwords = passwords;
    }

    @Override
    public CompletionStage<Verdict> authenticate(Attempt attempt) {
        return authenticate(attempt, true);
    }

    private CompletionStage<Verdict> authenticate(Attempt attempt, boolean isFirst) {
        return users.find(attempt.user()).thenCompose(found -> passwords
                .verify(
                        found.map(User::passwordHash)
                                .filter(hash -> !hash.isEmpty())
                                .orElse(null),
                        attempt.password().reveal())
                .thenCompose(answer -> answer.replacement().isPresent() && isFirst && users.isUp()
                        ? replace(
                                attempt,
                                found.orElseThrow(),
                                answer.replacement().get())
                        : CompletableFuture.completedFuture(verdict(answer.result(), found))));
    }

    private static Verdict verdict(PasswordVerifier.Result result, Optional<User> found) {
        return switch (result) {
            case RIGHT -> new Verdict.Known(found.orElseThrow());
            case WRONG -> found.isPresent() ? new Verdict.Refused(LoginFailure.WRONG_PASSWORD) : new Verdict.Unknown();
            case BUSY -> new Verdict.Refused(LoginFailure.BUSY);
        };
    }

    /**
     * Replaces the hash of a right password. When another login or command has changed it meanwhile, the password is
     * verified again with the new one.
     */
    private CompletionStage<Verdict> replace(Attempt attempt, User user, String hash) {
        return users.replaceHash(user.name(), user.passwordHash(), hash)
                .handle((replaced, failure) -> {
                    if (failure != null) {
                        LOG.debug("the password of {} keeps its hash of another system for now", user.name(), failure);
                        return CompletableFuture.<Verdict>completedFuture(new Verdict.Known(user));
                    }
                    if (!replaced) {
                        return authenticate(attempt, false);
                    }
                    LOG.info("the password of {} has an Argon2id hash from now on", user.name());
                    return CompletableFuture.<Verdict>completedFuture(
                            new Verdict.Known(user.change().passwordHash(hash).make()));
                })
                .thenCompose(verdict -> verdict);
    }

    @Override
    public CompletionStage<Verdict> recognize(Attempt attempt) {
        return users.find(attempt.user()).thenApply(found -> {
            if (found.isEmpty()) {
                return new Verdict.Unknown();
            }
            return lists(found.get(), attempt)
                    ? new Verdict.Known(found.get())
                    : new Verdict.Refused(LoginFailure.WRONG_PASSWORD);
        });
    }

    private static boolean lists(User user, Attempt attempt) {
        return user.certificates().stream()
                .anyMatch(certificate -> certificate.equalsIgnoreCase("sha256:" + attempt.certificate())
                        || certificate.equals(attempt.certificateSubject()));
    }

    @Override
    public CompletionStage<Optional<User>> refresh(String user) {
        return users.find(user);
    }
}
