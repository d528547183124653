import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.cluster.hazelcast.tls.MemberTls;
import flotilla.cluster.protection.NodeTls;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the cost of TLS between members: puts of 500 bytes with one backup, between two processes on one machine.
 *
 * <p>Arguments of both processes: plain or tls, its own port, the port of the other one. The process that measures also
 * gets seconds and threads. The other one ends when its standard input does. The working directory holds the files of
 * certificates: ca.pem, node.pem, node.key.
 *
 * <p>Run {@code java -cp 'ops/target/flotilla/lib/*' ops/harness/bench/MemberPuts.java tls 6001 6002}, and the same with
 * {@code tls 6002 6001 20 1}.
 */
final class MemberPuts {
    private MemberPuts() {}

    public static void main(String[] arguments) throws Exception {
        Config config = config(Integer.parseInt(arguments[1]), arguments[2]);
        Path here = Path.of("").toAbsolutePath();
        HazelcastInstance member = arguments[0].equals("plain")
                ? Hazelcast.newHazelcastInstance(config)
                : new MemberTls(
                                NodeTls.of(new TlsFiles(
                                        here.resolve("ca.pem"), here.resolve("node.pem"), here.resolve("node.key"))),
                                new Protection(null, null))
                        .start(config);
        if (arguments.length < 5) {
            while (System.in.read() >= 0) {
                // until the end
            }
        } else {
            measure(arguments[0], member, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        }
        member.getLifecycleService().terminate();
        Runtime.getRuntime().halt(0);
    }

    private static Config config(int port, String other) {
        Config config = new Config();
        config.setInstanceName("puts-" + port);
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.io.thread.count", "3");
        config.setProperty("hazelcast.io.write.through", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getJetConfig().setEnabled(false);
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig().setEnabled(true);
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(port).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        network.setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + other);
        return config;
    }

    private static void measure(String name, HazelcastInstance member, int seconds, int threads) throws Exception {
        while (member.getCluster().getMembers().size() < 2 || !member.getPartitionService().isClusterSafe()) {
            Thread.sleep(100);
        }
        IMap<Integer, byte[]> map = member.getMap("puts");
        run(map, seconds / 2, threads, new long[threads][]); // warm
        long[][] taken = new long[threads][];
        long cpu = cpu();
        double took = run(map, seconds, threads, taken);
        cpu = cpu() - cpu;
        long[] all = Arrays.stream(taken).flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                "%s threads=%d ops/s=%.0f p50=%d us p99=%d us cpu=%.1f us/op%n",
                name,
                threads,
                all.length / took,
                all[all.length / 2] / 1000,
                all[all.length * 99 / 100] / 1000,
                cpu / 1000.0 / all.length);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double run(IMap<Integer, byte[]> map, int seconds, int threads, long[][] taken) throws Exception {
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        Thread[] all = new Thread[threads];
        AtomicLong seed = new AtomicLong();
        for (int t = 0; t < threads; t++) {
            int number = t;
            all[t] = new Thread(() -> {
                Random random = new Random(seed.incrementAndGet());
                byte[] value = new byte[500];
                long[] times = new long[1 << 20];
                int count = 0;
                for (long now = System.nanoTime(); now < end && count < times.length; ) {
                    random.nextBytes(value);
                    map.set(random.nextInt(1000), value);
                    long after = System.nanoTime();
                    times[count++] = after - now;
                    now = after;
                }
                taken[number] = Arrays.copyOf(times, count);
            });
            all[t].start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
