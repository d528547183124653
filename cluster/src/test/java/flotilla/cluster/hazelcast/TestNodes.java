package flotilla.cluster.hazelcast;

import flotilla.cluster.ActorThreads;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.FailureDetection;
import flotilla.cluster.LeaseTimes;
import flotilla.cluster.Seeds;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.typed.Cluster;

/** Starts real nodes for tests. */
public final class TestNodes {
    public static final List<Integer> PORTS =
            IntStream.range(50_000, 50_010).boxed().toList();

    public static final int MAX_BANS = 2_000;
    public static final int MAX_KEPT_BANS = 5;

    /** The protection of all nodes in tests: certificates of one authority. */
    static final ClusterSettings.Protection PROTECTION = new ClusterSettings.Protection(TestCertificates.files(), null);

    /** The state of a session. */
    public record State(@Tag(1) String user, @Tag(2) int number) {}

    /** A message between actors. */
    record Greeting(@Tag(1) String text, @Tag(2) ActorRef<Greeting> replyTo) implements Wire {}

    private TestNodes() {}

    public static ClusterNode start(String name, Path directory, List<String> seeds, Duration ticketRotation) {
        return start(name, directory, seeds, ticketRotation, PROTECTION);
    }

    public static ClusterNode start(
            String name,
            Path directory,
            List<String> seeds,
            Duration ticketRotation,
            ClusterSettings.Protection protection) {
        return start(
                name,
                Database.embedded(directory),
                seeds,
                ticketRotation,
                protection,
                Map.of(200, State.class, 201, Greeting.class));
    }

    /** Starts a node that knows these classes. */
    public static ClusterNode start(String name, Path directory, List<String> seeds, Map<Integer, Class<?>> types) {
        return start(name, Database.embedded(directory), seeds, Duration.ofHours(1), PROTECTION, types);
    }

    /** Starts a single node with this database. */
    public static ClusterNode start(String name, Database database) {
        return start(name, database, List.of(), Duration.ofHours(1), PROTECTION, Map.of());
    }

    private static ClusterNode start(
            String name,
            Database database,
            List<String> seeds,
            Duration ticketRotation,
            ClusterSettings.Protection protection,
            Map<Integer, Class<?>> types) {
        ClusterSettings settings = new ClusterSettings(
                new ClusterSettings.Self(name, List.of("edge", "worker"), "1.0.0"),
                new ClusterSettings.Network("127.0.0.1", 0, 0, Seeds.of(seeds), FailureDetection.STANDARD, protection),
                new ClusterSettings.Shared(71, PORTS, ticketRotation, MAX_BANS, MAX_KEPT_BANS, types),
                new ClusterSettings.Operations(Duration.ofSeconds(5), Duration.ofSeconds(30)),
                database,
                LeaseTimes.USUAL);
        return get(HazelcastClusterNode.start(settings, ActorThreads.of(new ForkJoinPool(4)), List.of()), 90);
    }

    public static String seed(ClusterNode node) {
        Address address = Cluster.get(node.system()).selfMember().address();
        return address.getHost().orElseThrow() + ':' + address.getPort().orElseThrow();
    }

    public static <T> T get(CompletionStage<T> stage) {
        return get(stage, 60);
    }

    private static <T> T get(CompletionStage<T> stage, int seconds) {
        return stage.toCompletableFuture().orTimeout(seconds, TimeUnit.SECONDS).join();
    }

    /** Waits for a condition that no event announces. Fails after 60 s. */
    public static void eventually(BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still not so after 60 s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
