package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.PassivePool;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Passive leases as one entry for each client address. */
final class SharedPassivePool implements PassivePool {
    private final IMap<String, AddressLeases> map;
    private final int[] ports;
    private final UUID self;
    private final Stages stages;
    private final SecureRandom random = new SecureRandom();

    SharedPassivePool(IMap<String, AddressLeases> map, List<Integer> ports, UUID self, Stages stages) {
        this.map = map;
        this.ports = ports.stream().mapToInt(Integer::intValue).toArray();
        this.self = self;
        this.stages = stages;
    }

    @Override
    public CompletionStage<OptionalInt> lease(String sessionId, InetAddress client) {
        int start = ports.length == 0 ? 0 : random.nextInt(ports.length);
        return stages.run(
                () -> map.submitToKey(key(client), new LeaseProcessors.Lease(ports, start, sessionId, self)),
                port -> port == null ? OptionalInt.empty() : OptionalInt.of(port));
    }

    @Override
    public CompletionStage<Optional<String>> take(int port, InetAddress client) {
        return stages.run(
                () -> map.submitToKey(key(client), new LeaseProcessors.Take(port, null)), Optional::ofNullable);
    }

    @Override
    public CompletionStage<Void> release(String sessionId, int port, InetAddress client) {
        return stages.run(() -> map.submitToKey(key(client), new LeaseProcessors.Take(port, sessionId)), Nothing::of);
    }

    /** The leases of the entries this member owns. */
    @Override
    public int leased() {
        return map.getAll(map.localKeySet()).values().stream()
                .mapToInt(AddressLeases::count)
                .sum();
    }

    private static String key(InetAddress client) {
        return client.getHostAddress();
    }
}
