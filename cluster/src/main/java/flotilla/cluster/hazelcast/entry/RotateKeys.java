package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.TicketKeys.TicketKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts a key first when there is none or the first is too old, so that of several nodes that try only one succeeds. */
public final class RotateKeys extends Processor<TicketRing, TicketRing> {
    private static final int KEPT = 3;

    private TicketRing fresh = new TicketRing(0, List.of());
    private long ageMillis;

    RotateKeys() {}

    public RotateKeys(TicketKey fresh, long now, long ageMillis) {
        this.fresh = new TicketRing(now, List.of(fresh));
        this.ageMillis = ageMillis;
    }

    @Override
    public TicketRing process(Map.Entry<String, TicketRing> entry) {
        TicketRing present = valueOf(entry);
        if (present != null && fresh.created() - present.created() < ageMillis) {
            return present;
        }
        List<TicketKey> keys = new ArrayList<>(fresh.keys());
        if (present != null) {
            keys.addAll(
                    present.keys().subList(0, Math.min(KEPT - 1, present.keys().size())));
        }
        TicketRing next = new TicketRing(fresh.created(), keys);
        entry.setValue(next);
        return next;
    }

    @Override
    public int getClassId() {
        return Factory.ROTATE_KEYS;
    }

    /** As an object, so that the key is sealed on its way as it is in the map. */
    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeObject(fresh);
        output.writeLong(ageMillis);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        TicketRing read = input.readObject();
        if (read == null) {
            throw new IOException("null where keys belong");
        }
        fresh = read;
        ageMillis = input.readLong();
    }
}
