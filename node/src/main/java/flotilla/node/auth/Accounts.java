package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.node.event.NodeEvent.LoginFailure;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The accounts of the cluster. A name without an account costs as much time as one with an account. */
final class Accounts implements Source {
    private final UserDirectory users;
    private final PasswordVerifier passwords;

    Accounts(UserDirectory users, PasswordVerifier passwords) {
        this.users = users;
        this.passwords = passwords;
    }

    @Override
    public CompletionStage<Verdict> authenticate(Attempt attempt) {
        return users.find(attempt.user()).thenCompose(found -> passwords
                .verify(
                        found.map(User::passwordHash)
                                .filter(hash -> !hash.isEmpty())
                                .orElse(null),
                        attempt.password().reveal())
                .thenApply(result -> switch (result) {
                    case RIGHT -> new Verdict.Known(found.orElseThrow());
                    case WRONG ->
                        found.isPresent() ? new Verdict.Refused(LoginFailure.WRONG_PASSWORD) : new Verdict.Unknown();
                    case BUSY -> new Verdict.Refused(LoginFailure.BUSY);
                }));
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
