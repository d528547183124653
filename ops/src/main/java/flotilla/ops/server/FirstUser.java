package flotilla.ops.server;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.node.auth.Authenticators;
import flotilla.ops.account.GeneratedPassword;
import flotilla.ops.config.Configuration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The account that a single node makes for itself, in the database that it has just made. One that was there before may
 * have lost its accounts, and one that nodes share is not this node's to add to.
 *
 * @param password of the account that was made now; empty when none was
 * @param missing whether there is no account at all
 */
public record FirstUser(Optional<String> password, boolean missing) {
    /** The name of the account. */
    public static final String NAME = "demo";

    private static final long SECONDS = 10;

    /** Makes the account if it should be. */
    static FirstUser of(Configuration configuration, ClusterNode cluster)
            throws ExecutionException, TimeoutException, InterruptedException {
        boolean none = cluster.users()
                .list("", 1)
                .toCompletableFuture()
                .get(SECONDS, TimeUnit.SECONDS)
                .isEmpty();
        boolean single = configuration.cluster().seeds().isEmpty()
                && configuration.cluster().database().isEmbeddedIn(configuration.dataDir());
        boolean lets = configuration.node().login().authenticators().order().contains(Authenticators.ACCOUNTS);
        if (!lets) {
            return new FirstUser(Optional.empty(), false);
        }
        if (!none || !single || !cluster.users().isNew()) {
            return new FirstUser(Optional.empty(), none);
        }
        String password = GeneratedPassword.next();
        boolean added = cluster.users()
                .add(User.create(NAME, PasswordHash.encode(password, Argon2Parameters.DEFAULT), NAME))
                .toCompletableFuture()
                .get(SECONDS, TimeUnit.SECONDS);
        return new FirstUser(added ? Optional.of(password) : Optional.empty(), false);
    }

    @Override
    public String toString() {
        return "FirstUser[***]";
    }
}
