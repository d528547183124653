package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.PassivePool;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The passive ports that are leased to one client address. Changed in place, on its partition's thread only. */
public final class AddressLeases extends Stored implements HeldByMembers {
    private record Lease(String session, UUID member) {}

    private final Map<Integer, Lease> byPort = new HashMap<>(4);

    /** The number of leased ports. */
    public int count() {
        return byPort.size();
    }

    /**
     * Adds the leases to {@code leases} as long as that has fewer than {@code limit} elements.
     *
     * @param client text of the address that these leases are for
     */
    public void addTo(List<PassivePool.Lease> leases, String client, int limit) {
        byPort.forEach((port, lease) -> {
            if (leases.size() < limit) {
                leases.add(new PassivePool.Lease(port, client, lease.session));
            }
        });
    }

    /** The leased ones among these ports. */
    int[] among(int[] ports) {
        return Arrays.stream(ports).filter(byPort::containsKey).toArray();
    }

    boolean has(int port) {
        return byPort.containsKey(port);
    }

    void add(int port, String session, UUID member) {
        byPort.put(port, new Lease(session, member));
    }

    /**
     * Ends the lease of a port.
     *
     * @return the id of the session that had it; null when the port was not leased
     */
    @Nullable String take(int port) {
        Lease lease = byPort.remove(port);
        return lease == null ? null : lease.session;
    }

    boolean isOf(int port, String session) {
        Lease lease = byPort.get(port);
        return lease != null && lease.session.equals(session);
    }

    /** Ends all leases of a session. Returns false when there was none. */
    boolean drop(String session) {
        return byPort.values().removeIf(lease -> lease.session.equals(session));
    }

    @Override
    public int drop(UUID member) {
        int before = byPort.size();
        byPort.values().removeIf(lease -> lease.member.equals(member));
        return before - byPort.size();
    }

    @Override
    public boolean isEmpty() {
        return byPort.isEmpty();
    }

    @Override
    public int getClassId() {
        return Factory.ADDRESS_LEASES;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeInt(byPort.size());
        for (Map.Entry<Integer, Lease> each : byPort.entrySet()) {
            output.writeInt(each.getKey());
            output.writeString(each.getValue().session);
            writeUuid(output, each.getValue().member);
        }
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        int size = input.readInt();
        for (int i = 0; i < size; i++) {
            byPort.put(input.readInt(), new Lease(readText(input), readUuid(input)));
        }
    }
}
