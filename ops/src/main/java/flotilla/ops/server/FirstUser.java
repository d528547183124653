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
 * The account that a single node creates in its own new database. It never does so in an older database, which may have
 * lost its accounts, or in one that nodes share, or when {@code users.demo} is off.
 *
 * @param password of the account that was created now; empty when none was
 * @param missing whether there is no account at all
 */
public record FirstUser(Optional<String> password, boolean missing) {
    /** The name of the account. */
    public static final String NAME = "demo";

    private static final long SECONDS = 10;

    /** Creates the account if there is none and the database is this node's own and new. */
    static FirstUser of(Configuration configuration, ClusterNode cluster)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (!configuration.node().login().authenticators().order().contains(Authenticators.ACCOUNTS)) {
            return new FirstUser(Optional.empty(), false);
        }
        boolean none = cluster.users()
                .list("", 1)
                .toCompletableFuture()
                .get(SECONDS, TimeUnit.SECONDS)
                .isEmpty();
        boolean single = configuration.cluster().network().seeds().isEmpty()
                && configuration.cluster().database().isEmbeddedIn(configuration.dataDir());
        if (!none || !single || !configuration.made().demo() || !cluster.users().isNew()) {
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
