package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/** Writes and reads values of one declared type. Every value takes at least one byte. */
interface FieldCodec {
    /** Writes a value, which is never null. */
    void write(Kryo kryo, Output output, Object value);

    /**
     * Reads a value.
     *
     * @throws com.esotericsoftware.kryo.KryoException when the input is no such value
     */
    Object read(Kryo kryo, Input input);

    /** The value of a component that was not written. */
    default @Nullable Object absent() {
        return null;
    }
}
