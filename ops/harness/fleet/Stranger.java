import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.typesafe.config.ConfigFactory;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.hazelcast.tls.MemberTls;
import flotilla.cluster.protection.NodeTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.Identify;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/**
 * Tries again and again to reach the ports between nodes, in all known ways. Arguments: seconds, then
 * HOST:PEKKO-PORT:HAZELCAST-PORT of each node. It prints for each way the number of attempts and of answers. It ends
 * with 1 if there was an answer.
 */
final class Stranger {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String host;
    private final int pekko;
    private final int hazelcast;

    private Stranger(String node) {
        String[] parts = node.split(":");
        this.host = parts[0];
        this.pekko = Integer.parseInt(parts[1]);
        this.hazelcast = Integer.parseInt(parts[2]);
    }

    /** One attempt. */
    private interface Way {
        /** Returns whether there was an answer. */
        boolean answered(Stranger stranger) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[0])).toNanos();
        List<Stranger> strangers = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            strangers.add(new Stranger(arguments[i]));
        }
        MemberTls own = new MemberTls(NodeTls.of(null), new Protection(null, null));
        Map<String, Way> ways = Map.of(
                "hazelcast-client", Stranger::client,
                "hazelcast-member", stranger -> stranger.member(Hazelcast::newHazelcastInstance),
                "hazelcast-member-own-certificate", stranger -> stranger.member(own::start),
                "pekko", stranger -> stranger.pekko("tcp"),
                "pekko-own-certificate", stranger -> stranger.pekko("tls-tcp"),
                "tcp", Stranger::plain,
                "tls-without-certificate", Stranger::tls);
        List<Thread> threads = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        ways.forEach((name, way) -> {
            Thread thread = new Thread(() -> {
                int tries = 0;
                int answers = 0;
                do {
                    try {
                        answers += way.answered(strangers.get(tries % strangers.size())) ? 1 : 0;
                    } catch (Exception refused) {
                        // as it must be
                    }
                    tries++;
                } while (System.nanoTime() < end);
                synchronized (lines) {
                    lines.add(name + " " + tries + " " + answers);
                }
            });
            thread.start();
            threads.add(thread);
        });
        for (Thread thread : threads) {
            thread.join();
        }
        lines.sort(null);
        lines.forEach(System.out::println);
        Runtime.getRuntime().halt(lines.stream().allMatch(line -> line.endsWith(" 0")) ? 0 : 1);
    }

    private boolean client() {
        ClientConfig config = new ClientConfig();
        config.setProperty("hazelcast.logging.type", "none");
        config.setClusterName("flotilla");
        config.getNetworkConfig().addAddress(host + ":" + hazelcast).setConnectionTimeout(1_000);
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(1_500);
        HazelcastClient.newHazelcastClient(config).shutdown();
        return true;
    }

    private boolean member(Function<Config, HazelcastInstance> start) {
        Config config = new Config();
        config.setClusterName("flotilla");
        config.setInstanceName("stranger-" + UUID.randomUUID());
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.max.join.seconds", "3");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember(host + ":" + hazelcast);
        HazelcastInstance member = start.apply(config);
        int members = member.getCluster().getMembers().size();
        member.getLifecycleService().terminate();
        return members > 1;
    }

    private boolean pekko(String transport) {
        ActorSystem system = ActorSystem.create(
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
                        SSLEngineProviderSetup.create(any -> NodeTls.of(null))));
        try {
            ActorSelection user = system.actorSelection("pekko://flotilla@" + host + ":" + pekko + "/user");
            user.tell(PoisonPill.getInstance(), system.deadLetters());
            Patterns.ask(user, new Identify(1), PATIENCE).toCompletableFuture().join();
            return true;
        } finally {
            system.terminate();
        }
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), 2_000);
        socket.setSoTimeout(2_000);
        return socket;
    }

    /** Returns whether there was an answer. An alert of TLS is none. */
    private boolean plain() throws IOException {
        boolean answered = false;
        for (int port : List.of(pekko, hazelcast)) {
            for (String greeting : List.of("", "HZC", "CP2", "AKKA\u0001", "GET / HTTP/1.1\r\n\r\n")) {
                try (Socket socket = connect(port)) {
                    socket.getOutputStream().write(greeting.getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                    byte[] answer = socket.getInputStream().readAllBytes();
                    answered |= answer.length > 7 || answer.length > 0 && answer[0] != 21;
                } catch (IOException refused) {
                    // as it must be
                }
            }
        }
        return answered;
    }

    /**
     * Returns whether there was an answer. This client accepts every certificate. A record after the server's first
     * flight counts as an answer, unless it is an alert.
     */
    private boolean tls() throws Exception {
        boolean answered = false;
        for (int port : List.of(pekko, hazelcast)) {
            try (Socket socket = connect(port)) {
                javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
                context.init(null, new javax.net.ssl.TrustManager[] {new TrustAll()}, null);
                javax.net.ssl.SSLSocket tls = (javax.net.ssl.SSLSocket)
                        context.getSocketFactory().createSocket(socket, host, port, true);
                tls.getOutputStream().write("HZC".getBytes(StandardCharsets.US_ASCII));
                answered |= tls.getInputStream().read() >= 0;
            } catch (IOException refused) {
                // as it must be
            }
        }
        return answered;
    }

    private static final class TrustAll implements javax.net.ssl.X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
