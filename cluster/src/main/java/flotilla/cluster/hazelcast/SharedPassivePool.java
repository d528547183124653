package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.Holder;
import flotilla.cluster.PassivePool;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Passive leases as one entry for each client address. */
final class SharedPassivePool implements PassivePool {
    private final IMap<String, AddressLeases> map;
    private final int[] ports;
    private final Stages stages;
    private final SecureRandom random = new SecureRandom();

    /**
     * The port that was given back last, by hash of the address. A client that was refused may have connected to it, unseen yet: leased again
     * at once, that connection would be taken for the next transfer's.
     */
    private final AtomicIntegerArray givenBack = new AtomicIntegerArray(1024);

    SharedPassivePool(IMap<String, AddressLeases> map, List<Integer> ports, Stages stages) {
        this.map = map;
        this.ports = ports.stream().mapToInt(Integer::intValue).toArray();
        this.stages = stages;
    }

    @Override
    public CompletionStage<OptionalInt> lease(Holder holder, InetAddress client) {
        int start = start(client);
        return stages.run(
                () -> map.submitToKey(
                        key(client), new LeaseProcessors.Lease(ports, start, holder.session(), holder.member())),
                port -> port == null ? OptionalInt.empty() : OptionalInt.of(port));
    }

    @Override
    public CompletionStage<Optional<String>> take(int port, InetAddress client) {
        return stages.run(
                () -> map.submitToKey(key(client), new LeaseProcessors.Take(port, null)), Optional::ofNullable);
    }

    private int start(InetAddress client) {
        if (ports.length < 2) {
            return 0;
        }
        int start = random.nextInt(ports.length);
        return ports[start] == givenBack.get(slot(client))
                ? (start + 1 + random.nextInt(ports.length - 1)) % ports.length
                : start;
    }

    private int slot(InetAddress client) {
        return Math.floorMod(client.hashCode(), givenBack.length());
    }

    @Override
    public CompletionStage<Void> release(String sessionId, int port, InetAddress client) {
        givenBack.set(slot(client), port);
        return stages.run(() -> map.submitToKey(key(client), new LeaseProcessors.Take(port, sessionId)), Nothing::of);
    }

    @Override
    public CompletionStage<Void> releaseAll(String sessionId, InetAddress client) {
        LeaseProcessors.Take all = new LeaseProcessors.Take(LeaseProcessors.Take.ALL, sessionId);
        return stages.run(() -> map.submitToKey(key(client), all), Nothing::of);
    }

    /** The leases of the entries this member owns. */
    @Override
    public int leased() {
        return map.getAll(map.localKeySet()).values().stream()
                .mapToInt(AddressLeases::count)
                .sum();
    }

    @Override
    public Set<Integer> leasedAmong(Set<Integer> wanted) {
        Set<Integer> leased = new HashSet<>();
        map.executeOnEntries(new LeaseProcessors.LeasedAmong(
                        wanted.stream().mapToInt(Integer::intValue).toArray()))
                .values()
                .forEach(some -> Arrays.stream(some).forEach(leased::add));
        return leased;
    }

    @Override
    public List<Lease> list(int limit) {
        List<Lease> leases = new ArrayList<>();
        for (Map.Entry<String, AddressLeases> each :
                map.getAll(map.localKeySet()).entrySet()) {
            each.getValue().addTo(leases, each.getKey(), limit);
        }
        return leases;
    }

    private static String key(InetAddress client) {
        return client.getHostAddress();
    }
}
