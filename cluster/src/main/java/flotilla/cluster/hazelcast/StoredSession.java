package flotilla.cluster.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;

/**
 * A session's record as it lies in the map. The state stays encoded, so that a member that only keeps the record needs not
 * know its classes.
 */
final class StoredSession extends Stored {
    private static final byte[] NOTHING = {};

    private long epoch;
    private String node;
    private byte[] state;

    StoredSession() {
        this(0, "", NOTHING);
    }

    StoredSession(long epoch, String node, byte[] state) {
        this.epoch = epoch;
        this.node = node;
        this.state = state;
    }

    long epoch() {
        return epoch;
    }

    String node() {
        return node;
    }

    byte[] state() {
        return state;
    }

    @Override
    public int getClassId() {
        return Factory.SESSION;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeLong(epoch);
        output.writeString(node);
        output.writeByteArray(state);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        epoch = input.readLong();
        node = readText(input);
        byte[] read = input.readByteArray();
        state = read == null ? NOTHING : read;
    }
}
