package flotilla.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.NotSerializableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireTypesTest {
    interface Message extends Wire {}

    record Ping(@Tag(1) int number) implements Message {}

    enum Bye implements Message {
        INSTANCE
    }

    record Envelope(
            @Tag(1) Message message,
            @Tag(2) Object anything,
            @Tag(3) List<Message> more) {}

    record Everything(
            @Tag(1) short s,
            @Tag(2) byte b,
            @Tag(3) char c,
            @Tag(4) double d,
            @Tag(5) float f,
            @Tag(6) Instant instant,
            @Tag(7) Duration duration,
            @Tag(8) UUID uuid,
            @Tag(9) InetAddress address,
            @Tag(10) InetSocketAddress socket,
            @Tag(11) Long boxed) {}

    record Untagged(int number) {}

    record SameTag(@Tag(1) int a, @Tag(1) int b) {}

    record Unregistered(@Tag(1) PriorityQueue<String> queue) {}

    record Nested(@Tag(1) Object inner) {}

    private final WireCodec codec = codec(
            Map.of(200, Ping.class, 201, Bye.class, 202, Envelope.class, 203, Everything.class, 204, Nested.class));

    private static WireCodec codec(Map<Integer, Class<?>> types) {
        return new WireCodec(WireTypes.of(Map.of(), types));
    }

    @Test
    void anOpenComponentCarriesItsClass() throws NotSerializableException {
        Envelope envelope = new Envelope(new Ping(1), Bye.INSTANCE, List.of(Bye.INSTANCE, new Ping(2)));
        assertEquals(envelope, codec.decode(codec.encode(envelope)));
    }

    @Test
    void everyScalarSurvivesTheRoundTrip() throws NotSerializableException, UnknownHostException {
        Everything value = new Everything(
                (short) -1,
                (byte) -2,
                'ü',
                1.5,
                -2.5f,
                Instant.ofEpochSecond(-5, 7),
                Duration.ofNanos(-3),
                new UUID(1, -1),
                InetAddress.getByName("2001:db8::1"),
                new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 65_535),
                Long.MIN_VALUE);
        assertEquals(value, codec.decode(codec.encode(value)));
    }

    @Test
    void aClassThatIsNotInTheTableIsRefused() {
        assertThrows(RuntimeException.class, () -> codec.encode(new PriorityQueue<>()));
        assertThrows(RuntimeException.class, () -> codec.encode(new Nested(new java.util.ArrayList<>())));
    }

    @Test
    void bytesThatNameAClassAreRefused() {
        byte[] named = {1, 0, 20, 'j', 'a', 'v', 'a', '.', 'u', 't', 'i', 'l', '.', 'D', 'a', 't', 'e'};
        assertThrows(NotSerializableException.class, () -> codec.decode(named));
    }

    @Test
    void nestingHasALimit() {
        Object value = "x";
        for (int i = 0; i < 200; i++) {
            value = new Nested(value);
        }
        Object deep = value;
        assertThrows(RuntimeException.class, () -> codec.encode(deep));
    }

    @Test
    void bytesLeftOverAreRefused() {
        byte[] bytes = codec.encode(new Ping(1));
        assertThrows(
                NotSerializableException.class, () -> codec.decode(java.util.Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void mistakesInTheTableAreFoundAtTheStart() {
        assertThrows(IllegalArgumentException.class, () -> codec(Map.of(200, Untagged.class)));
        assertThrows(IllegalArgumentException.class, () -> codec(Map.of(200, SameTag.class)));
        assertThrows(IllegalArgumentException.class, () -> codec(Map.of(200, Unregistered.class)));
        assertThrows(IllegalArgumentException.class, () -> codec(Map.of(200, Ping.class, 201, Ping.class)));
        assertThrows(IllegalArgumentException.class, () -> codec(Map.of(150, Ping.class)));
        assertThrows(IllegalArgumentException.class, () -> codec(Map.of(200, String.class)));
    }
}
