package flotilla.node.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AsciiConverterTest {
    private record Row(String local, String network) {}

    static Row[] sending() {
        return new Row[] {
            new Row("", ""),
            new Row("a\nb\n", "a\r\nb\r\n"),
            new Row("a\r\nb", "a\r\nb"),
            new Row("a\rb", "a\rb"),
            new Row("\n\n", "\r\n\r\n"),
            new Row("\r\r\n", "\r\r\n"),
            new Row("\r\n\n", "\r\n\r\n"),
            new Row("a\r", "a\r"),
            new Row("\u00ff\u001a\u0000\n", "\u00ff\u001a\u0000\r\n")
        };
    }

    static Row[] receiving() {
        return new Row[] {
            new Row("", ""),
            new Row("a\nb\n", "a\r\nb\r\n"),
            new Row("a\nb", "a\nb"),
            new Row("a\rb", "a\rb"),
            new Row("\r\n", "\r\r\n"),
            new Row("\n\n", "\r\n\n"),
            new Row("\r\r\r", "\r\r\r"),
            new Row("a\r", "a\r"),
            new Row("\n\r", "\n\r"),
            new Row("\u00ff\u001a\u0000\n", "\u00ff\u001a\u0000\r\n")
        };
    }

    /** Converts an input that is cut at {@code first} and {@code second}. The buffers are as small as allowed. */
    private static String toNetwork(String local, int first, int second) {
        AsciiConverter converter = new AsciiConverter();
        StringBuilder wire = new StringBuilder();
        for (String part : parts(local, first, second)) {
            ByteBuffer out = ByteBuffer.allocate(2 * part.length());
            converter.toNetwork(bytes(part), out);
            wire.append(text(out));
        }
        return wire.toString();
    }

    private static String toLocal(String network, int first, int second) {
        AsciiConverter converter = new AsciiConverter();
        StringBuilder local = new StringBuilder();
        for (String part : parts(network, first, second)) {
            ByteBuffer out = ByteBuffer.allocate(part.length() + 1);
            converter.toLocal(bytes(part), out);
            local.append(text(out));
        }
        ByteBuffer rest = ByteBuffer.allocate(1);
        converter.finishLocal(rest);
        return local.append(text(rest)).toString();
    }

    private static String[] parts(String text, int first, int second) {
        return new String[] {text.substring(0, first), text.substring(first, second), text.substring(second)};
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static String text(ByteBuffer buffer) {
        buffer.flip();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new String(bytes, ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("sending")
    void whereverABufferEndsWhatIsSentIsTheSame(Row row) {
        for (int first = 0; first <= row.local().length(); first++) {
            for (int second = first; second <= row.local().length(); second++) {
                assertEquals(row.network(), toNetwork(row.local(), first, second));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("receiving")
    void whereverABufferEndsWhatIsStoredIsTheSame(Row row) {
        for (int first = 0; first <= row.network().length(); first++) {
            for (int second = first; second <= row.network().length(); second++) {
                assertEquals(row.local(), toLocal(row.network(), first, second));
            }
        }
    }

    @Test
    void textWithoutCrComesBackAsItWas() {
        Random random = new Random(8);
        for (int round = 0; round < 5000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(random.nextInt(3) == 0 ? '\n' : (char) ('a' + random.nextInt(3)));
            }
            String local = text.toString();
            int cut = local.isEmpty() ? 0 : random.nextInt(local.length());
            String wire = toNetwork(local, cut, cut);
            int wireCut = wire.isEmpty() ? 0 : random.nextInt(wire.length());
            assertEquals(local, toLocal(wire, 0, wireCut));
        }
    }
}
