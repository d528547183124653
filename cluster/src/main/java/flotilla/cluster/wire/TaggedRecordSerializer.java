package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as a count, and then (tag, length, bytes) for each component that differs from its default. A reader
 * skips tags that it does not know, and gives missing components their defaults. So releases with more and with fewer
 * components can read each other.
 */
public final class TaggedRecordSerializer extends Serializer<Object> {
    private final RecordShape shape;

    TaggedRecordSerializer(RecordShape shape) {
        super(false, true);
        this.shape = shape;
    }

    @Override
    public void write(Kryo kryo, Output output, Object record) {
        @Nullable Object[] values = shape.values(record);
        output.writeVarInt(countPresent(values), true);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value != null) {
                output.writeVarInt(shape.tag(i), true);
                writeChunk(kryo, output, shape.codec(i), value);
            }
        }
    }

    private static int countPresent(@Nullable Object[] values) {
        int present = 0;
        for (Object value : values) {
            if (value != null) {
                present++;
            }
        }
        return present;
    }

    /** Leaves one byte for the length, which is enough for most components, and moves the bytes otherwise. */
    private static void writeChunk(Kryo kryo, Output output, FieldCodec codec, Object value) {
        int start = output.position();
        output.writeByte(0);
        codec.write(kryo, output, value);
        int length = output.position() - start - 1;
        if (length < 0x80) {
            output.getBuffer()[start] = (byte) length;
            return;
        }
        int more = Output.varIntLength(length, true) - 1;
        for (int i = 0; i < more; i++) {
            output.writeByte(0);
        }
        int end = output.position();
        System.arraycopy(output.getBuffer(), start + 1, output.getBuffer(), start + 1 + more, length);
        output.setPosition(start);
        output.writeVarInt(length, true);
        output.setPosition(end);
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
        @Nullable Object[] values = shape.defaults();
        int count = Bounded.readLength(input);
        for (int i = 0; i < count; i++) {
            int component = shape.component(input.readVarInt(true));
            int length = Bounded.readLength(input);
            int end = input.position() + length;
            if (component >= 0) {
                values[component] = readChunk(kryo, input, shape.codec(component), end);
            }
            input.setPosition(end);
        }
        return shape.create(values);
    }

    private static Object readChunk(Kryo kryo, Input input, FieldCodec codec, int end) {
        int limit = input.limit();
        input.setLimit(end);
        Object value = codec.read(kryo, input);
        input.setLimit(limit);
        if (input.position() != end) {
            throw new KryoException("a component is shorter than its chunk");
        }
        return value;
    }
}
