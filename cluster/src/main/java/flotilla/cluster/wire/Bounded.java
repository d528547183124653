package flotilla.cluster.wire;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;

/** Reads and writes lengths. A length is checked against the rest of the input before memory is allocated for it. */
final class Bounded {
    private Bounded() {}

    /**
     * Reads the number of elements that take at least one byte each.
     *
     * @throws KryoException when the input is too short for as many
     */
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
