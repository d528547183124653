package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.typesafe.config.ConfigFactory;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.hazelcast.tls.MemberTls;
import flotilla.cluster.protection.NodeTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Attacks the ports between nodes without a certificate of the cluster's authority: those of a single node, and those
 * of each of three.
 */
@Tag("processes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 5;

    private final List<ClusterNode> nodes = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeAll
    void start() throws IOException {
        nodes.add(start("alone", List.of(), new Protection(null, null, PATIENCE, Protection.MAX_HANDSHAKES)));
        nodes.add(start("one", List.of(), TestNodes.PROTECTION));
        List<String> seeds = List.of(TestNodes.seed(nodes.get(1)));
        nodes.add(start("two", seeds, TestNodes.PROTECTION));
        nodes.add(start("three", seeds, TestNodes.PROTECTION));
        for (ClusterNode node : nodes) {
            get(node.users().put(User.create("alice", "$argon2id$" + node.name(), "/")));
        }
    }

    private static ClusterNode start(String name, List<String> seeds, Protection protection) throws IOException {
        Path directory = Files.createTempDirectory("flotilla-strangers");
        return TestNodes.start(name, directory, seeds, Duration.ofHours(1), protection);
    }

    @AfterAll
    void stop() {
        nodes.forEach(node -> get(node.leave()));
    }

    @BeforeEach
    void listen() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        log.list.clear();
        log.start();
        root.addAppender(log);
    }

    /**
     * Checks that the nodes still work, and that the log has at most one line for Hazelcast's port and one for Pekko's.
     */
    @AfterEach
    void nodesAreUnharmed() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAppender(log);
        root.setLevel(Level.ERROR);
        List<String> lines = new ArrayList<>(log.list)
                .stream()
                        .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                        .filter(line -> !line.getLoggerName().startsWith("org.apache.pekko.cluster"))
                        .map(ILoggingEvent::getFormattedMessage)
                        .filter(line -> !line.contains("eartbeat")) // logged on a busy machine
                        .filter(line -> !line.contains("Quarantined")) // logged when a node leaves in order
                        .toList();
        assertTrue(lines.size() <= 2 * nodes.size(), () -> String.join("\n", lines));
        for (ClusterNode node : nodes) {
            assertTrue(node.isAgreed(), node.name());
            assertFalse(node.system().whenTerminated().isCompleted(), node.name());
            assertEquals("alice", get(node.users().find("alice")).orElseThrow().name());
        }
    }

    private static int hazelcastPort(ClusterNode node) {
        HazelcastInstance own = Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> MemberIds.of(each.getCluster().getLocalMember()).equals(node.memberId()))
                .findFirst()
                .orElseThrow();
        return own.getCluster().getLocalMember().getAddress().getPort();
    }

    private static int pekkoPort(ClusterNode node) {
        return new InetSocketAddress(
                        "127.0.0.1", Integer.parseInt(TestNodes.seed(node).substring("127.0.0.1:".length())))
                .getPort();
    }

    @Test
    void aClientOfHazelcastGetsNoConnection() {
        for (ClusterNode node : nodes) {
            ClientConfig config = new ClientConfig();
            config.setProperty("hazelcast.logging.type", "none");
            config.setClusterName("flotilla");
            config.getNetworkConfig()
                    .addAddress("127.0.0.1:" + hazelcastPort(node))
                    .setConnectionTimeout(1_000);
            config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(1_500);
            assertThrows(IllegalStateException.class, () -> HazelcastClient.newHazelcastClient(config));
        }
    }

    private static Config member(int port) {
        Config config = new Config();
        config.setClusterName("flotilla");
        config.setInstanceName("stranger-" + UUID.randomUUID());
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.max.join.seconds", "3");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + port);
        return config;
    }

    /** Starts a Hazelcast member that must not join: it finds no other member in time, or stays alone. */
    private void doesNotJoin(Function<Config, HazelcastInstance> start) {
        for (ClusterNode node : nodes.subList(0, 2)) {
            HazelcastInstance stranger;
            try {
                stranger = start.apply(member(hazelcastPort(node)));
            } catch (IllegalStateException nobody) {
                continue;
            }
            try {
                assertEquals(1, stranger.getCluster().getMembers().size(), node.name());
            } finally {
                stranger.getLifecycleService().terminate();
            }
        }
    }

    @Test
    void aMemberOfHazelcastDoesNotJoin() {
        doesNotJoin(Hazelcast::newHazelcastInstance);
    }

    @Test
    void aMemberOfHazelcastWithACertificateOfItsOwnDoesNotJoin() {
        try (MemberTls own = new MemberTls(NodeTls.of(null), new Protection(null, null))) {
            doesNotJoin(own::start);
        }
    }

    @ParameterizedTest(name = "Pekko over {0}")
    @ValueSource(strings = {"tcp", "tls-tcp"})
    void aPeerOfPekkoEndsNothingAndIsToldNothing(String transport) throws Exception {
        ActorSystem stranger = ActorSystem.create(
                "stranger",
                ActorSystemSetup.create(
                        BootstrapSetup.create(ConfigFactory.parseMap(Map.of(
                                        "pekko.actor.provider", "remote",
                                        "pekko.loglevel", "OFF",
                                        "pekko.stdout-loglevel", "OFF",
                                        "pekko.remote.artery.transport", transport,
                                        "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                                        "pekko.remote.artery.canonical.port", 0))
                                .withFallback(ConfigFactory.defaultReference())),
                        SSLEngineProviderSetup.create(system -> NodeTls.of(null))));
        try {
            for (ClusterNode node : nodes) {
                ActorSelection user = stranger.actorSelection("pekko://flotilla@" + TestNodes.seed(node) + "/user");
                user.tell(PoisonPill.getInstance(), stranger.deadLetters());
                assertThrows(java.util.concurrent.CompletionException.class, () -> Patterns.ask(
                                user, new Identify(1), PATIENCE)
                        .toCompletableFuture()
                        .join());
            }
        } finally {
            stranger.terminate();
        }
    }

    /** Reads until the other end closes. Fails when it does not. */
    private static byte[] answer(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            return socket.getInputStream().readAllBytes();
        } catch (java.net.SocketTimeoutException open) {
            throw open;
        } catch (IOException reset) {
            return new byte[0];
        }
    }

    @ParameterizedTest(name = "a connection that says \"{0}\"")
    @ValueSource(strings = {"HZC", "CP2", "GET / HTTP/1.1\r\n\r\n", "AKKA\u0001"})
    void aConnectionWithoutTlsGetsAnAlertAtMost(String greeting) throws Exception {
        for (ClusterNode node : nodes) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                for (int port : List.of(hazelcastPort(node), pekkoPort(node))) {
                    try (Socket socket = new Socket("127.0.0.1", port)) {
                        socket.getOutputStream()
                                .write((greeting + "x".repeat(64)).getBytes(StandardCharsets.ISO_8859_1));
                        byte[] answer = answer(socket);
                        assertTrue(
                                answer.length <= 7 && (answer.length == 0 || answer[0] == 21),
                                () -> new String(answer, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedByHazelcastsPort() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", hazelcastPort(nodes.get(0)))) {
            assertEquals(0, answer(socket).length);
        }
    }

    @Test
    void aConnectionThatIsResetIsNotWorthALine() throws Exception {
        log.list.clear();
        for (int attempt = 0; attempt < 20; attempt++) {
            try (Socket socket = new Socket("127.0.0.1", hazelcastPort(nodes.get(0)))) {
                socket.getOutputStream().write(22);
                socket.setSoLinger(true, 0);
            }
        }
        aConnectionThatSaysNothingIsClosedByHazelcastsPort(); // all other connections have ended before this one
        assertTrue(
                log.list.stream()
                        .filter(line -> line.getLoggerName().startsWith("com.hazelcast"))
                        .toList()
                        .isEmpty(),
                () -> log.list.toString());
    }

    @Test
    void moreHandshakesThanAllowedGiveWayFromTheOldestOn() throws Exception {
        int port = hazelcastPort(nodes.get(1));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < Protection.MAX_HANDSHAKES + 1; i++) {
                sockets.add(new Socket("127.0.0.1", port));
            }
            assertEquals(0, answer(sockets.get(0)).length);
            ClusterNode late = start("late", List.of(TestNodes.seed(nodes.get(1))), TestNodes.PROTECTION);
            get(late.leave());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        TestNodes.eventually(() -> nodes.stream().allMatch(ClusterNode::isAgreed));
    }

    /** A context that trusts every certificate and has none. */
    private static SSLContext context() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        return context;
    }

    @ParameterizedTest(name = "{0} without a certificate")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientOfTlsWithoutACertificateGetsNoByteOfAnyProtocol(String version) throws Exception {
        for (ClusterNode node : nodes) {
            for (int port : List.of(hazelcastPort(node), pekkoPort(node))) {
                try (SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket("127.0.0.1", port)) {
                    socket.setEnabledProtocols(new String[] {version});
                    byte[] got = new byte[0];
                    try {
                        socket.getOutputStream().write("HZC".getBytes(StandardCharsets.US_ASCII));
                        got = answer(socket);
                    } catch (IOException refused) {
                        // a reset is a refusal, too
                    }
                    assertEquals(0, got.length);
                }
            }
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void nobodyElsesMembersAreInTheClusters() {
        for (ClusterNode node : nodes) {
            HazelcastInstance own = Hazelcast.getAllHazelcastInstances().stream()
                    .filter(each ->
                            MemberIds.of(each.getCluster().getLocalMember()).equals(node.memberId()))
                    .findFirst()
                    .orElseThrow();
            List<Address> members = own.getCluster().getMembers().stream()
                    .map(member -> member.getAddress())
                    .toList();
            assertEquals(node == nodes.get(0) ? 1 : 3, members.size());
        }
    }
}
