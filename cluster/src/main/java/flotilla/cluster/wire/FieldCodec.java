package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/** Writes and reads values of one declared type. Every value takes at least one byte. */
interface FieldCodec {
    void write(Kryo kryo, Output output, Object value);

    Object read(Kryo kryo, Input input);

    /** What a component holds that was not written. */
    default @Nullable Object absent() {
        return null;
    }
}
