package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;

/**
 * A session's record as it lies in the map. The state stays encoded, so that a member that only keeps the record needs not
 * know its classes.
 */
public final class StoredSession extends Stored implements HeldByMembers {
    private static final byte[] NOTHING = {};

    private long epoch;
    private String node;
    private byte[] state;
    private UUID member;

    StoredSession() {
        this(0, "", NOTHING, Processor.NOBODY);
    }

    /** @param member holds the control socket */
    public StoredSession(long epoch, String node, byte[] state, UUID member) {
        this.epoch = epoch;
        this.node = node;
        this.state = state;
        this.member = member;
    }

    /** The same for the next incarnation. */
    StoredSession claimedBy(String nextNode) {
        return new StoredSession(epoch + 1, nextNode, state, member);
    }

    /** The same with its state sealed anew. */
    public StoredSession sealedAs(byte[] sealed) {
        return new StoredSession(epoch, node, sealed, member);
    }

    /** A session ends with its control connection. */
    @Override
    public int drop(UUID gone) {
        if (!member.equals(gone)) {
            return 0;
        }
        member = Processor.NOBODY;
        return 1;
    }

    @Override
    public boolean isEmpty() {
        return member.equals(Processor.NOBODY);
    }

    public long epoch() {
        return epoch;
    }

    public String node() {
        return node;
    }

    public byte[] state() {
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
        writeUuid(output, member);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        epoch = input.readLong();
        node = readText(input);
        byte[] read = input.readByteArray();
        state = read == null ? NOTHING : read;
        member = readUuid(input);
    }
}
