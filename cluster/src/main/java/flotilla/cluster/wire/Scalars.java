package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Codecs of the types without components. */
final class Scalars {
    private static final Map<Class<?>, FieldCodec> CODECS = new HashMap<>();

    static {
        both(int.class, Integer.class, 0, (out, v) -> out.writeVarInt(v, false), in -> in.readVarInt(false));
        both(long.class, Long.class, 0L, (out, v) -> out.writeVarLong(v, false), in -> in.readVarLong(false));
        both(short.class, Short.class, (short) 0, (out, v) -> out.writeShort(v), Input::readShort);
        both(byte.class, Byte.class, (byte) 0, (out, v) -> out.writeByte((byte) v), Input::readByte);
        both(char.class, Character.class, '\0', Output::writeChar, Input::readChar);
        both(boolean.class, Boolean.class, false, Output::writeBoolean, Input::readBoolean);
        both(double.class, Double.class, 0d, Output::writeDouble, Input::readDouble);
        both(float.class, Float.class, 0f, Output::writeFloat, Input::readFloat);
        one(String.class, Bounded::writeString, Bounded::readString);
        one(byte[].class, Bounded::writeBytes, Bounded::readBytes);
        one(
                Instant.class,
                Scalars::writeInstant,
                in -> Instant.ofEpochSecond(in.readVarLong(false), in.readVarInt(true)));
        one(
                Duration.class,
                Scalars::writeDuration,
                in -> Duration.ofSeconds(in.readVarLong(false), in.readVarInt(true)));
        one(UUID.class, Scalars::writeUuid, in -> new UUID(in.readLong(), in.readLong()));
        one(InetAddress.class, Scalars::writeAddress, Scalars::readAddress);
        one(InetSocketAddress.class, Scalars::writeSocketAddress, Scalars::readSocketAddress);
    }

    private Scalars() {}

    static @Nullable FieldCodec of(Class<?> type) {
        return CODECS.get(type);
    }

    private static <T> void both(
            Class<T> primitive, Class<T> boxed, T zero, BiConsumer<Output, T> writer, Function<Input, T> reader) {
        CODECS.put(primitive, new Scalar<>(boxed, writer, reader, zero));
        CODECS.put(boxed, new Scalar<>(boxed, writer, reader, null));
    }

    private static <T> void one(Class<T> type, BiConsumer<Output, T> writer, Function<Input, T> reader) {
        CODECS.put(type, new Scalar<>(type, writer, reader, null));
    }

    private static void writeInstant(Output output, Instant instant) {
        output.writeVarLong(instant.getEpochSecond(), false);
        output.writeVarInt(instant.getNano(), true);
    }

    private static void writeDuration(Output output, Duration duration) {
        output.writeVarLong(duration.getSeconds(), false);
        output.writeVarInt(duration.getNano(), true);
    }

    private static void writeUuid(Output output, UUID uuid) {
        output.writeLong(uuid.getMostSignificantBits());
        output.writeLong(uuid.getLeastSignificantBits());
    }

    private static void writeAddress(Output output, InetAddress address) {
        Bounded.writeBytes(output, address.getAddress());
    }

    private static InetAddress readAddress(Input input) {
        try {
            return InetAddress.getByAddress(Bounded.readBytes(input));
        } catch (UnknownHostException e) {
            throw new KryoException("not an address", e);
        }
    }

    private static void writeSocketAddress(Output output, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new KryoException("an unresolved address cannot travel");
        }
        writeAddress(output, address.getAddress());
        output.writeVarInt(address.getPort(), true);
    }

    private static InetSocketAddress readSocketAddress(Input input) {
        return new InetSocketAddress(readAddress(input), input.readVarInt(true));
    }

    private record Scalar<T>(
            Class<T> type,
            BiConsumer<Output, T> writer,
            Function<Input, T> reader,
            @Nullable T zero) implements FieldCodec {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            writer.accept(output, type.cast(value));
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return reader.apply(input);
        }

        @Override
        public @Nullable Object absent() {
            return zero;
        }
    }
}
