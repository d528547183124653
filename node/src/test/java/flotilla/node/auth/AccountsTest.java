package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.Users;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.junit.jupiter.api.AfterEach;

class AccountsTest extends AuthenticatorContract {
    private final ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(SpawnProtocol.create(), "test");
    private final ActorTestKit kit = ActorTestKit.create(system);
    private final PasswordVerifier passwords = new PasswordVerifier(
            new PasswordVerifier.Settings(1, 4, 4, Duration.ofMinutes(1), new Argon2Parameters(64, 1, 1)));

    @AfterEach
    void stop() {
        passwords.close();
        kit.shutdownTestKit();
    }

    @Override
    protected Authenticator authenticator() {
        MemoryCluster cluster = new MemoryCluster(system);
        cluster.users().put(Users.user().make()).toCompletableFuture().join();
        Accounts accounts = new Accounts(cluster.users(), passwords);
        return new Authenticator() {
            @Override
            public Verdict authenticate(Attempt attempt) {
                return accounts.authenticate(attempt).toCompletableFuture().join();
            }

            @Override
            public Verdict recognize(Attempt attempt) {
                return accounts.recognize(attempt).toCompletableFuture().join();
            }

            @Override
            public Optional<User> refresh(String user) {
                return accounts.refresh(user).toCompletableFuture().join();
            }
        };
    }
}
