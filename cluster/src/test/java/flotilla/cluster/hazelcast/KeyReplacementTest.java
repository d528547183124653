package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.User;
import flotilla.cluster.Vault;
import flotilla.cluster.hazelcast.TestNodes.State;
import flotilla.cluster.protection.ClusterKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replaces the cluster's key, node by node. */
class KeyReplacementTest {
    private static final int BANS = 50;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<ClusterNode> running = new ArrayList<>();

    private ClusterNode start(String name, List<String> keys) throws IOException {
        Path file = Files.createFile(
                directory.resolve(name + ".key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, keys);
        List<String> seeds = running.isEmpty() ? List.of() : List.of(TestNodes.seed(running.get(0)));
        ClusterNode node = TestNodes.start(
                name, directory, seeds, Duration.ofHours(1), new Protection(TestCertificates.files(), file));
        running.add(node);
        eventually(() -> running.stream().allMatch(ClusterNode::isAgreed));
        return node;
    }

    private void leave(ClusterNode node) {
        running.remove(node);
        get(node.leave());
        eventually(() -> running.stream().allMatch(ClusterNode::isAgreed));
    }

    private List<String> newKey() throws IOException {
        Path file = directory.resolve("made.key");
        ClusterKey.create(file);
        List<String> lines = Files.readAllLines(file);
        Files.delete(file);
        return lines;
    }

    private static InetAddress banned(int number) throws IOException {
        return InetAddress.getByName("198.51.100." + number);
    }

    @Test
    @DisplayName("what was sealed with the old key is there when no node has that key any more")
    void nothingIsLeftThatOnlyTheOldKeyOpens() throws IOException {
        List<String> first = newKey();
        String name = first.get(first.size() - 2);
        String old = first.get(first.size() - 1);
        List<String> second = newKey();
        String fresh = second.get(second.size() - 1);
        try {
            ClusterNode one = start("one", List.of(name, old, fresh));
            ClusterNode two = start("two", List.of(name, fresh, old));
            for (int number : IntStream.range(0, BANS).toArray()) {
                get(one.bans().ban(banned(number), Duration.ofHours(1), "test"));
            }
            get(one.users().put(User.create("alice", "$argon2id$", "/")));
            byte[] secret = {7, 7};
            assertTrue(get(one.vault().replace("secret", Vault.ABSENT, secret)));
            byte[] ticketKey = one.ticketKeys().current().get(0).aesKey();
            assertTrue(get(one.sessions().save(two.holder("s"), 1, new State("alice", 7))));
            leave(one);
            assertEquals(
                    new State("alice", 7),
                    get(two.sessions().claim("s")).orElseThrow().state());
            Vault.Entry sealed = get(two.vault().find("secret")).orElseThrow();
            assertFalse(sealed.current(), "its key will be removed");
            assertTrue(get(two.vault().replace("secret", sealed.version(), sealed.content())));
            assertTrue(get(two.vault().find("secret")).orElseThrow().current());
            ClusterNode three = start("three", List.of(name, fresh));
            assertEquals(
                    new State("alice", 7),
                    get(three.sessions().claim("s")).orElseThrow().state());
            leave(two);
            assertArrayEquals(
                    secret, get(three.vault().find("secret")).orElseThrow().content());
            assertArrayEquals(ticketKey, three.ticketKeys().current().get(0).aesKey());
            assertEquals(Optional.of("alice"), get(three.users().find("alice")).map(User::name));
            for (int number : IntStream.range(0, BANS).toArray()) {
                assertTrue(three.bans().find(banned(number)).isPresent());
            }
        } finally {
            List.copyOf(running).forEach(this::leave);
        }
    }
}
