package flotilla.cluster.hazelcast.member;

import com.hazelcast.nio.serialization.ByteArraySerializer;
import flotilla.cluster.protection.Seal;
import flotilla.cluster.protection.SealException;
import flotilla.cluster.wire.WireCodec;
import java.io.IOException;

/**
 * Stores the records of one class as {@link WireCodec} encodes them, sealed. The context of the seal is {@code record}
 * and the type id.
 */
final class RecordSerializer<T> implements ByteArraySerializer<T> {
    private final Class<T> type;
    private final int typeId;
    private final WireCodec codec;
    private final Seal seal;
    private final String context;

    RecordSerializer(Class<T> type, int typeId, WireCodec codec, Seal seal) {
        this.type = type;
        this.typeId = typeId;
        this.codec = codec;
        this.seal = seal;
        this.context = "record " + typeId;
    }

    @Override
    public int getTypeId() {
        return typeId;
    }

    @Override
    public byte[] write(T value) {
        return seal.seal(codec.encode(value), context);
    }

    @Override
    public T read(byte[] bytes) throws IOException {
        try {
            return type.cast(codec.decode(seal.open(bytes, context)));
        } catch (SealException e) {
            throw new IOException(e.getMessage()); // a SealException itself could not be sent to the member that asked
        }
    }
}
