package flotilla.ops.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.tls.KeyMaterial;
import flotilla.ops.config.Configuration;
import flotilla.ops.setup.SetupPlan.Clients;
import flotilla.ops.setup.SetupPlan.Cluster;
import flotilla.ops.setup.SetupPlan.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SetupTest {
    private static final Member FIRST = new Member("first", "127.0.0.1");
    private static final Member SECOND = new Member("second", "127.0.0.2");
    private static final Member THIRD = new Member("third", "127.0.0.3");
    private static final String DATABASE = "jdbc:postgresql://db/flotilla?user=a&password=b\"c";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path file() {
        return directory.resolve("first/flotilla.conf");
    }

    private SetupPlan plan(Member... members) {
        return new SetupPlan(
                new Clients(List.of("127.0.0.1"), 2121, 0, "21000-21009", Optional.of("192.0.2.7")),
                new Places(
                        file(),
                        directory.resolve("first/server.pem"),
                        Optional.empty(),
                        directory.resolve("first/data"),
                        Optional.of(directory.resolve("srv")),
                        Optional.empty()),
                members.length == 0
                        ? Optional.empty()
                        : Optional.of(
                                new Cluster(Arrays.asList(members), 7355, 5701, DATABASE, List.of("192.0.2.0/24"))));
    }

    private Configuration written(Member... members) throws Exception {
        return new Setup(plan(members)).write(List.of("ftp.example.org", "192.0.2.7"), false);
    }

    @Test
    @DisplayName("a first configuration says what was asked for, and has a certificate for the names that clients dial")
    void single() throws Exception {
        Configuration made = written();
        assertEquals(2121, made.node().control().listeners().explicitPort());
        assertEquals(0, made.node().control().listeners().implicitPort());
        assertEquals(directory.resolve("first/data"), made.dataDir());
        assertEquals(directory.resolve("srv"), made.node().storage().root());
        assertFalse(made.made().demo());
        KeyMaterial certificate =
                KeyMaterial.read(directory.resolve("first/server.pem"), directory.resolve("first/server.pem"), "");
        String names = String.valueOf(certificate.leaf().getSubjectAlternativeNames());
        assertTrue(
                names.contains("ftp.example.org") && names.contains("192.0.2.7") && names.contains("localhost"), names);
        assertEquals(
                "CN=ftp.example.org",
                certificate.leaf().getSubjectX500Principal().getName());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    @DisplayName("a configuration of somebody is not replaced, unless that is demanded; then it stays as .old")
    void existing() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "flotilla.limits.max-sessions = 7\n");
        IOException refused = assertThrows(IOException.class, this::written);
        assertTrue(String.valueOf(refused.getMessage()).contains("--force replaces it"), refused.getMessage());
        assertEquals("flotilla.limits.max-sessions = 7\n", Files.readString(file()));
        new Setup(plan()).write(List.of("localhost"), true);
        assertEquals(
                "flotilla.limits.max-sessions = 7\n", Files.readString(file().resolveSibling("flotilla.conf.old")));
    }

    @Test
    @DisplayName("the configuration that the package brings is replaced without a question")
    void packaged() throws Exception {
        Files.createDirectories(file().getParent());
        Files.copy(Path.of("src/main/dist/conf/flotilla.conf"), file());
        assertEquals(2121, written().node().control().listeners().explicitPort());
    }

    /** An invitation of two nodes on a thread of its own. */
    private final class Inviting implements AutoCloseable {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final CompletableFuture<Set<String>> missing = new CompletableFuture<>();
        private final Thread thread;

        Inviting(Duration patience, Member... members) throws Exception {
            Invitations invitations = new Invitations(file());
            thread = new Thread(() -> {
                try {
                    missing.complete(invitations.await(List.of(members), 0, patience, told::add));
                } catch (Exception e) {
                    missing.completeExceptionally(e);
                }
            });
            thread.start();
        }

        /** Returns the next token. */
        String token() throws InterruptedException {
            for (String line = told.take(); ; line = told.take()) {
                if (line.contains("flotilla join ")) {
                    return line.substring(line.indexOf("flotilla-join-"));
                }
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    private Configuration join(String token, String name) throws Exception {
        return Invitations.join(token, directory.resolve(name + "/flotilla.conf"), Optional.empty(), false);
    }

    @Test
    @DisplayName("nodes that join have the first one's configuration, with their own name, address and certificate")
    void joining() throws Exception {
        Configuration first = written(FIRST, SECOND, THIRD);
        try (Inviting inviting = new Inviting(Duration.ofMinutes(1), SECOND, THIRD)) {
            Configuration second = join(inviting.token(), "second");
            Configuration third = join(inviting.token(), "third");
            assertEquals(Set.of(), inviting.missing.get());
            assertEquals("second", second.cluster().self().name());
            assertEquals("127.0.0.3", third.cluster().network().bind());
            assertEquals(
                    first.cluster().network().seeds(),
                    second.cluster().network().seeds());
            assertEquals(first.cluster().database(), second.cluster().database());
            assertEquals(directory.resolve("second/data"), second.dataDir());
            assertEquals(first.node().storage().root(), third.node().storage().root());
            for (String same : List.of("cluster.key", "cluster-ca.pem", "server.pem")) {
                assertEquals(
                        -1, Files.mismatch(directory.resolve("first/" + same), directory.resolve("third/" + same)));
            }
            KeyMaterial own =
                    KeyMaterial.read(directory.resolve("second/node.pem"), directory.resolve("second/node.key"), "");
            assertEquals("CN=second", own.leaf().getSubjectX500Principal().getName());
            own.leaf()
                    .verify(KeyMaterial.read(
                                    directory.resolve("first/authority/cluster-ca.pem"),
                                    directory.resolve("first/authority/cluster-ca.key"),
                                    "")
                            .leaf()
                            .getPublicKey());
            assertFalse(Files.exists(directory.resolve("second/authority")), "the authority's key left its node");
        }
    }

    @Test
    @DisplayName("a token works once, and only for its own invitation")
    void once() throws Exception {
        written(FIRST, SECOND, THIRD);
        try (Inviting inviting = new Inviting(Duration.ofMinutes(1), SECOND, THIRD)) {
            String token = inviting.token();
            join(token, "second");
            IOException used = assertThrows(IOException.class, () -> join(token, "again"));
            assertTrue(String.valueOf(used.getMessage()).contains("the token was used"), used.getMessage());
            assertFalse(Files.exists(directory.resolve("again/cluster.key")));
            InvitationToken real = InvitationToken.parse(inviting.token());
            new Invited(real).fetch();
            assertThrows(IOException.class, () -> new Invited(real).fetch(), "twice before the node has confirmed");
            InvitationToken stranger = new InvitationToken(real.host(), real.port(), new byte[32], real.secret());
            IOException other = assertThrows(IOException.class, () -> join(stranger.text(), "again"));
            assertTrue(
                    String.valueOf(other.getMessage()).contains("another machine answers there"), other.getMessage());
        }
    }

    @Test
    @DisplayName("guesses end an invitation, and its time does")
    void ends() throws Exception {
        written(FIRST, SECOND);
        try (Inviting inviting = new Inviting(Duration.ofMinutes(1), SECOND)) {
            InvitationToken real = InvitationToken.parse(inviting.token());
            InvitationToken guess =
                    new InvitationToken(real.host(), real.port(), real.fingerprint(), new byte[InvitationToken.SECRET]);
            for (int i = 0; i < 20; i++) {
                assertThrows(IOException.class, () -> new Invited(guess).fetch());
            }
            assertEquals(Set.of("second"), inviting.missing.get());
        }
        try (Inviting inviting = new Inviting(Duration.ofMillis(1), SECOND)) {
            assertEquals(Set.of("second"), inviting.missing.get());
        }
    }

    @Test
    @DisplayName("a node whose address is no seed is not invited, and neither is one from a file of another form")
    void noSeed() throws Exception {
        written(FIRST, SECOND);
        Invitations invitations = new Invitations(file());
        IOException refused = assertThrows(
                IOException.class, () -> invitations.await(List.of(THIRD), 0, Duration.ofSeconds(1), line -> {}));
        assertTrue(String.valueOf(refused.getMessage()).contains("is not in cluster.seeds"), refused.getMessage());
        Files.writeString(file(), "flotilla.users.demo = false\n");
        assertThrows(IOException.class, () -> new Invitations(file()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "flotilla-join-", "flotilla-join-AX", "join", "flotilla-join-!!"})
    @DisplayName("a text that is no token is refused with words for people")
    void noToken(String text) {
        String told = String.valueOf(assertThrows(IllegalArgumentException.class, () -> InvitationToken.parse(text))
                .getMessage());
        assertTrue(told.startsWith("the token is not whole") || told.startsWith("a token begins with"), told);
    }

    @Test
    @DisplayName("a token with any wrong character is refused, and a printed one does not show its secret")
    void damaged() {
        InvitationToken token = new InvitationToken("10.0.0.1", 7356, new byte[32], new byte[InvitationToken.SECRET]);
        String text = token.text();
        for (int i = "flotilla-join-".length(); i < text.length() - 1; i++) { // the last one has bits that mean nothing
            String wrong = text.substring(0, i) + (text.charAt(i) == 'Q' ? 'R' : 'Q') + text.substring(i + 1);
            if (!wrong.equals(text)) {
                assertThrows(IllegalArgumentException.class, () -> InvitationToken.parse(wrong), wrong);
            }
        }
        assertEquals("InvitationToken[10.0.0.1:7356, ***]", token.toString());
    }
}
