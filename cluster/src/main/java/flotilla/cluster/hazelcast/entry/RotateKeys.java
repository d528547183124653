package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.TicketKeys.TicketKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts a new key first if there is none yet or the first one is too old, and answers the keys in force. When several
 * nodes try at once, only one succeeds. {@value #KEPT} keys are kept.
 */
public final class RotateKeys extends Processor<TicketRing, TicketRing> {
    private static final int KEPT = 3;

    private TicketRing fresh = new TicketRing(0, List.of());
    private long ageMillis;

    RotateKeys() {}

    /**
     * Makes the step.
     *
     * @param fresh the key to put first
     * @param now the present, in milliseconds of the epoch
     * @param ageMillis age from which a key is replaced, in milliseconds
     */
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

    /** Written as an object, so that the key is sealed on its way just as it is in the map. */
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
