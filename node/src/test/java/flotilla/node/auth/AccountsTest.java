package flotilla.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.Users;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Made by {@code openssl passwd -6}; the password is "secret". */
    private static final String SHA512 =
            "$6$0123456789abcdef$8CGkKDSyVpVlVNcs5PssRw/Tb8EgfecuA6D/zsRQFumJaU.s8KgTWWc2HfgkB7h2n1qIKiJFeSyUFrwvhILXy.";

    private static Verdict login(UserDirectory users, PasswordVerifier passwords) {
        return new Accounts(users, passwords)
                .authenticate(
                        new Attempt("alice", new Secret("secret"), InetAddress.getLoopbackAddress(), true, "", ""))
                .toCompletableFuture()
                .join();
    }

    private UserDirectory withForeignHash() {
        UserDirectory users = new MemoryCluster(system).users();
        users.put(User.create("alice", SHA512, "/")).toCompletableFuture().join();
        return users;
    }

    private static String hash(UserDirectory users) {
        return users.find("alice").toCompletableFuture().join().orElseThrow().passwordHash();
    }

    @Test
    @DisplayName("the first login replaces the hash of another system, and the session has the account as it is then")
    void replacement() {
        UserDirectory users = withForeignHash();
        Verdict.Known known = assertInstanceOf(Verdict.Known.class, login(users, passwords));
        assertTrue(hash(users).startsWith("$argon2id$"), hash(users));
        assertEquals(hash(users), known.user().passwordHash());
        assertInstanceOf(Verdict.Known.class, login(users, passwords));
        assertEquals(hash(users), known.user().passwordHash(), "it is replaced once");
    }

    /** The directory as another node sees it, whose change comes right before the replacement. */
    private static UserDirectory changedBefore(UserDirectory users, String hash) {
        return (UserDirectory) Proxy.newProxyInstance(
                AccountsTest.class.getClassLoader(),
                new Class<?>[] {UserDirectory.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("replaceHash")) {
                        users.put(User.create("alice", hash, "/"))
                                .toCompletableFuture()
                                .join();
                    }
                    return method.getName().equals("isUp") ? true : method.invoke(users, arguments);
                });
    }

    @Test
    @DisplayName("two nodes that log a user in at once both succeed, and both know the hash that was stored")
    void twoAtOnce() {
        UserDirectory users = withForeignHash();
        String other = PasswordHash.encode("secret", new Argon2Parameters(64, 1, 1));
        Verdict.Known known = assertInstanceOf(Verdict.Known.class, login(changedBefore(users, other), passwords));
        assertEquals(other, hash(users));
        assertEquals(other, known.user().passwordHash());
    }

    @Test
    @DisplayName("a password that was changed during the login is not overwritten, and the old one is refused")
    void changedMeanwhile() {
        UserDirectory users = withForeignHash();
        String other = PasswordHash.encode("new one", new Argon2Parameters(64, 1, 1));
        assertInstanceOf(Verdict.Refused.class, login(changedBefore(users, other), passwords));
        assertEquals(other, hash(users));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("without the database the login succeeds and the hash stays for now")
    void databaseAway(boolean isKnownToBeAway) {
        UserDirectory users = withForeignHash();
        UserDirectory away = (UserDirectory) Proxy.newProxyInstance(
                AccountsTest.class.getClassLoader(),
                new Class<?>[] {UserDirectory.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isUp" -> !isKnownToBeAway;
                    case "replaceHash" -> CompletableFuture.failedFuture(new IllegalStateException("no database"));
                    default -> method.invoke(users, arguments);
                });
        assertInstanceOf(Verdict.Known.class, login(away, passwords));
        assertEquals(SHA512, hash(users));
    }
}
