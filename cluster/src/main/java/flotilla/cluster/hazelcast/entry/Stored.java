package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.UUID;

/**
 * A value or step that is serialized by hand: a version byte, then its fields. Later versions only add fields at the
 * end.
 */
public abstract class Stored implements IdentifiedDataSerializable {
    /** Hazelcast's id of {@link Factory}. */
    public static final int FACTORY = 7_701;

    private static final byte VERSION = 1;

    abstract void writeFields(ObjectDataOutput output) throws IOException;

    /** Reads the fields that {@code version} writes. */
    abstract void readFields(ObjectDataInput input, int version) throws IOException;

    @Override
    public final void writeData(ObjectDataOutput output) throws IOException {
        output.writeByte(VERSION);
        writeFields(output);
    }

    @Override
    public final void readData(ObjectDataInput input) throws IOException {
        readFields(input, input.readByte());
    }

    @Override
    public final int getFactoryId() {
        return FACTORY;
    }

    static void writeUuid(ObjectDataOutput output, UUID uuid) throws IOException {
        output.writeLong(uuid.getMostSignificantBits());
        output.writeLong(uuid.getLeastSignificantBits());
    }

    static UUID readUuid(ObjectDataInput input) throws IOException {
        return new UUID(input.readLong(), input.readLong());
    }

    /**
     * Reads a string that is never null.
     *
     * @throws IOException when it is null
     */
    static String readText(ObjectDataInput input) throws IOException {
        String text = input.readString();
        if (text == null) {
            throw new IOException("null where text belongs");
        }
        return text;
    }
}
