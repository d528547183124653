package flotilla.ops.server;

import flotilla.cluster.UserDirectory;
import flotilla.node.auth.AnonymousSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of accounts that nobody can use, because anonymous logins have their names. */
final class ShadowedAccounts {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowedAccounts.class);

    private ShadowedAccounts() {}

    /** Looks for such accounts, and warns of each. The stage never fails. */
    static CompletionStage<Void> warn(UserDirectory users) {
        List<CompletableFuture<Void>> looked = AnonymousSettings.NAMES.stream()
                .map(name -> users.stored(name)
                        .thenAccept(found -> found.ifPresent(user -> LOG.warn(
                                "flotilla.anonymous.enabled wins over the account {}: nobody can log in with its password",
                                user.name())))
                        .exceptionally(failure -> null)
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(looked.toArray(CompletableFuture[]::new));
    }
}
