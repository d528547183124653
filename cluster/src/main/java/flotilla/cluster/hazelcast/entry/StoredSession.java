package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;

/**
 * A session's record as the map keeps it. The state stays encoded and sealed, so that the member that keeps the record
 * need not know its classes.
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

    /**
     * Makes a record.
     *
     * @param epoch number of the session's incarnation
     * @param node name of the node that runs the session
     * @param state the session's state, encoded and sealed
     * @param member id of the member with the control socket
     */
    public StoredSession(long epoch, String node, byte[] state, UUID member) {
        this.epoch = epoch;
        this.node = node;
        this.state = state;
        this.member = member;
    }

    /** A copy for the next incarnation, on {@code nextNode}. */
    StoredSession claimedBy(String nextNode) {
        return new StoredSession(epoch + 1, nextNode, state, member);
    }

    /** A copy with the same state under another seal. */
    public StoredSession sealedAs(byte[] sealed) {
        return new StoredSession(epoch, node, sealed, member);
    }

    /** The whole record goes with the member of the control socket: a session ends with its control connection. */
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

    /** Number of the session's incarnation. */
    public long epoch() {
        return epoch;
    }

    /** Name of the node that runs the session. */
    public String node() {
        return node;
    }

    /** The session's state, encoded and sealed. */
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
