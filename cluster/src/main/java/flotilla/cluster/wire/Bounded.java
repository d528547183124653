package flotilla.cluster.wire;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;

/** Lengths that are checked against what is left of the input before anything is allocated. */
final class Bounded {
    private Bounded() {}

    /** A count or length of things of at least one byte each. */
    static int readLength(Input input) {
        int length = input.readVarInt(true);
        if (length < 0 || length > input.limit() - input.position()) {
            throw new KryoException("length " + length + " exceeds the input");
        }
        return length;
    }

    static byte[] readBytes(Input input) {
        return input.readBytes(readLength(input));
    }

    static void writeBytes(Output output, byte[] bytes) {
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
    }

    static String readString(Input input) {
        int length = readLength(input);
        String text = new String(input.getBuffer(), input.position(), length, StandardCharsets.UTF_8);
        input.setPosition(input.position() + length);
        return text;
    }

    static void writeString(Output output, String text) {
        writeBytes(output, text.getBytes(StandardCharsets.UTF_8));
    }
}
