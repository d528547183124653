package flotilla.cluster.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.TicketKeys.TicketKey;
import flotilla.cluster.wire.TicketRing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts a key first when there is none or the first is too old, so that of several nodes that try only one succeeds. */
final class RotateKeys extends Processor<TicketRing, TicketRing> {
    private static final int KEPT = 3;
    private static final byte[] NOTHING = {};

    private TicketKey fresh = new TicketKey(NOTHING, NOTHING, NOTHING);
    private long now;
    private long ageMillis;

    RotateKeys() {}

    RotateKeys(TicketKey fresh, long now, long ageMillis) {
        this.fresh = fresh;
        this.now = now;
        this.ageMillis = ageMillis;
    }

    @Override
    public TicketRing process(Map.Entry<String, TicketRing> entry) {
        TicketRing present = valueOf(entry);
        if (present != null && now - present.created() < ageMillis) {
            return present;
        }
        List<TicketKey> keys = new ArrayList<>();
        keys.add(fresh);
        if (present != null) {
            keys.addAll(
                    present.keys().subList(0, Math.min(KEPT - 1, present.keys().size())));
        }
        TicketRing next = new TicketRing(now, keys);
        entry.setValue(next);
        return next;
    }

    @Override
    public int getClassId() {
        return Factory.ROTATE_KEYS;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeByteArray(fresh.name());
        output.writeByteArray(fresh.hmacKey());
        output.writeByteArray(fresh.aesKey());
        output.writeLong(now);
        output.writeLong(ageMillis);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        fresh = new TicketKey(bytes(input), bytes(input), bytes(input));
        now = input.readLong();
        ageMillis = input.readLong();
    }

    private static byte[] bytes(ObjectDataInput input) throws IOException {
        byte[] read = input.readByteArray();
        return read == null ? NOTHING : read;
    }
}
