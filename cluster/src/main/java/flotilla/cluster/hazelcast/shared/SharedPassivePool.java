package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Holder;
import flotilla.cluster.PassivePool;
import flotilla.cluster.hazelcast.entry.AddressLeases;
import flotilla.cluster.hazelcast.entry.LeaseProcessors;
import flotilla.cluster.stage.GiveBacks;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
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
import java.util.function.Supplier;

/** Passive leases in a map, from a client's address to all its leases. */
public final class SharedPassivePool implements PassivePool {
    private final IMap<String, AddressLeases> map;
    private final PortOrder order;
    private final Supplier<Set<Integer>> closed;
    private final Stages stages;
    private final GiveBacks giveBacks;
    private final SecureRandom random = new SecureRandom();

    /**
     * Leases {@code ports}.
     *
     * @param ports all passive ports of the cluster
     * @param closed gives the ports that some node could not open; they are not leased
     */
    public SharedPassivePool(
            IMap<String, AddressLeases> map, List<Integer> ports, Supplier<Set<Integer>> closed, Stages stages) {
        this.map = map;
        this.closed = closed;
        this.order = new PortOrder(ports.stream().mapToInt(Integer::intValue).toArray());
        this.stages = stages;
        this.giveBacks = stages.giveBacks();
    }

    @Override
    public CompletionStage<OptionalInt> lease(Holder holder, InetAddress client) {
        return lease(holder, client, this::open);
    }

    @Override
    public CompletionStage<Boolean> leaseAgain(Holder holder, int port, InetAddress client) {
        return lease(holder, client, () -> new int[] {port}).thenApply(OptionalInt::isPresent);
    }

    private CompletionStage<OptionalInt> lease(Holder holder, InetAddress client, Supplier<int[]> ports) {
        Supplier<CompletionStage<Integer>> lease = () ->
                map.submitToKey(key(client), new LeaseProcessors.Lease(ports.get(), holder.session(), holder.member()));
        return giveBacks.after(
                holder.session(),
                () -> stages.insist(
                        lease,
                        // The first attempt may have leased a port although its answer is missing. That lease ends
                        // before a new one begins.
                        () -> map.submitToKey(key(client), allOf(holder.session()))
                                .thenCompose(done -> lease.get()),
                        port -> port == null ? OptionalInt.empty() : OptionalInt.of(port)));
    }

    private int[] open() {
        Set<Integer> without = closed.get();
        int[] ports = order.next(random);
        return without.isEmpty()
                ? ports
                : Arrays.stream(ports).filter(port -> !without.contains(port)).toArray();
    }

    @Override
    public CompletionStage<Optional<String>> take(int port, InetAddress client) {
        return stages.insist(
                () -> map.submitToKey(key(client), new LeaseProcessors.Take(port, null)), Optional::ofNullable);
    }

    @Override
    public CompletionStage<Void> release(String sessionId, int port, InetAddress client) {
        order.givenBack(port);
        return giveBacks.giveBack(
                sessionId,
                () -> stages.insist(
                        () -> map.submitToKey(key(client), new LeaseProcessors.Take(port, sessionId)), Voids::of));
    }

    @Override
    public CompletionStage<Void> releaseAll(String sessionId, InetAddress client) {
        return giveBacks.giveBack(
                sessionId, () -> stages.insist(() -> map.submitToKey(key(client), allOf(sessionId)), Voids::of));
    }

    private static LeaseProcessors.Take allOf(String sessionId) {
        return new LeaseProcessors.Take(LeaseProcessors.Take.ALL, sessionId);
    }

    /** Counts the entries that this member keeps, so that no other member is asked. */
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
