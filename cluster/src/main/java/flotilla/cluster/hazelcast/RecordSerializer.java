package flotilla.cluster.hazelcast;

import com.hazelcast.nio.serialization.ByteArraySerializer;
import flotilla.cluster.wire.WireCodec;
import java.io.IOException;

/** Stores one record class the way it travels. */
final class RecordSerializer<T> implements ByteArraySerializer<T> {
    private final Class<T> type;
    private final int typeId;
    private final WireCodec codec;

    RecordSerializer(Class<T> type, int typeId, WireCodec codec) {
        this.type = type;
        this.typeId = typeId;
        this.codec = codec;
    }

    @Override
    public int getTypeId() {
        return typeId;
    }

    @Override
    public byte[] write(T value) {
        return codec.encode(value);
    }

    @Override
    public T read(byte[] bytes) throws IOException {
        return type.cast(codec.decode(bytes));
    }
}
