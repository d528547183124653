package flotilla.node.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineScannerTest {
    private static final int MAX_LINE = 64;

    private final LineScanner scanner = new LineScanner(MAX_LINE);

    /** The lines that a scanner cuts from its input: each as text, or its fault. */
    private static List<String> lines(LineScanner scanner, byte[] input) {
        List<String> found = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(input);
        for (var line = scanner.scan(buffer); line.isPresent(); line = scanner.scan(buffer)) {
            found.add(line.get()
                    .fault()
                    .map(Enum::toString)
                    .orElse(new String(line.get().line(), ISO_8859_1)));
        }
        assertFalse(buffer.hasRemaining());
        return found;
    }

    private List<String> lines(String input) {
        return lines(scanner, input.getBytes(ISO_8859_1));
    }

    private String answers() {
        return new String(scanner.takeAnswers(), ISO_8859_1);
    }

    @Test
    void linesEndWithCrLfOrWithLfAlone() {
        assertEquals(List.of("NOOP", "SYST", ""), lines("NOOP\r\nSYST\n\r\n"));
    }

    @Test
    void whatHasNoEndYetIsKeptForLater() {
        assertEquals(List.of(), lines("NO"));
        assertTrue(scanner.hasPartialLine());
        assertEquals(List.of("NOOP"), lines("OP\r\n"));
        assertFalse(scanner.hasPartialLine());
    }

    @Test
    void aCrAtTheEndOfTheInputIsPartOfALine() {
        assertEquals(List.of(), lines("\r"));
        assertTrue(scanner.hasPartialLine());
        assertEquals(List.of(""), lines("\n"));
    }

    @Test
    void crNulIsACrAndCrBeforeAnotherByteStays() {
        assertEquals(List.of("MKD a\rb", "MKD c\rd", "MKD e\r"), lines("MKD a\r\0b\r\nMKD c\rd\r\nMKD e\r\r\n"));
    }

    @Test
    void aNulElsewhereIsAFaultOfItsLineOnly() {
        assertEquals(List.of("CONTROL_CHARACTER", "NOOP"), lines("USER ro\0ot\r\nNOOP\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00f0", "\u00f1", "\u00f2", "\u00f3", "\u00f4", "\u00f5", "\u00f6", "\u00f7", "\u00f8", "\u00f9"
            })
    void telnetCommandsAreDropped(String command) {
        assertEquals(List.of("ABOR"), lines("\u00ff" + command + "ABOR\r\n"));
        assertEquals("", answers());
    }

    @Test
    void theInterruptAndSynchOfClassicClientsLeaveAbor() {
        assertEquals(List.of("ABOR"), lines("\u00ff\u00f4\u00ff\u00f2ABOR\r\n"));
        assertEquals(List.of("ABOR"), lines("\u00ff\u00f4\u00ffABOR\r\n"));
        assertEquals(List.of("ABOR"), lines("\u00ff\u00f4\u00f2ABOR\r\n"));
        assertEquals(List.of("ABOR", "\u00f2"), lines("\u00ff\u00f4ABOR\r\n\u00f2\r\n"));
    }

    @Test
    void iacBeforeAnyOtherByteIsDroppedAlone() {
        assertEquals(List.of("NOOP", "\u00e9"), lines("\u00ffNOOP\r\n\u00ff\u00e9\r\n"));
    }

    @Test
    void iacIacIsTheByteItself() {
        assertEquals(List.of("MKD \u00ff"), lines("MKD \u00ff\u00ff\r\n"));
    }

    @Test
    void willAndDoAreRefusedWontAndDontAreNotAnswered() {
        assertEquals(
                List.of("NOOP"),
                lines("\u00ff\u00fb\u0001\u00ff\u00fc\u0002NO\u00ff\u00fd\u0003OP\u00ff\u00fe\u0004\r\n"));
        assertEquals("\u00ff\u00fe\u0001\u00ff\u00fc\u0003", answers());
        assertEquals("", answers());
    }

    @Test
    void anOptionMayBeAnyByteEvenIacOrALineEnd() {
        assertEquals(List.of("NOOP"), lines("\u00ff\u00fb\u00ff\u00ff\u00fd\nNOOP\r\n"));
        assertEquals("\u00ff\u00fe\u00ff\u00ff\u00fc\n", answers());
    }

    @Test
    void anOptionIsRefusedOnceForWillAndOnceForDo() {
        lines("\u00ff\u00fb\u0001".repeat(10_000));
        assertEquals("\u00ff\u00fe\u0001", answers());
        lines("\u00ff\u00fd\u0001\u00ff\u00fb\u0001\u00ff\u00fd\u0001");
        assertEquals("\u00ff\u00fc\u0001", answers());
    }

    @Test
    void refusalsAreBounded() {
        for (int option = 0; option < 256; option++) {
            lines("\u00ff\u00fb" + (char) option);
        }
        assertEquals(3 * 32, answers().length());
        lines("\u00ff\u00fd\u0002");
        assertEquals("", answers());
        assertEquals(List.of("NOOP"), lines("NOOP\r\n"));
    }

    @Test
    void aSubnegotiationIsDropped() {
        assertEquals(List.of("NOOP"), lines("NO\u00ff\u00fa\u0018\u0000xterm\r\n\u00ff\u00ff\u00ff\u00f0OP\r\n"));
    }

    @Test
    void aSubnegotiationWithoutEndDoesNotSwallowTheConnection() {
        List<String> found = lines("\u00ff\u00fa" + "\n".repeat(300) + "NOOP\r\n");
        assertEquals("NOOP", found.get(found.size() - 1));
    }

    @ParameterizedTest
    @CsvSource({"62, false", "63, true", "64, true", "100000, true"})
    void aLineOfMoreThanTheLimitIsDiscardedToItsEnd(int length, boolean tooLong) {
        String line = "x".repeat(length);
        assertEquals(List.of(tooLong ? "TOO_LONG" : line, "NOOP"), lines(line + "\r\nNOOP\r\n"));
    }

    @Test
    void anOverlongLineIsNotKept() {
        for (int i = 0; i < 1000; i++) {
            assertEquals(List.of(), lines("x".repeat(1000)));
        }
        LineScanner.Scanned line =
                scanner.scan(ByteBuffer.wrap(new byte[] {'\n'})).orElseThrow();
        assertEquals(Optional.of(Request.Fault.TOO_LONG), line.fault());
        assertTrue(line.line().length < MAX_LINE);
    }

    @Test
    void theLimitCanGrowAfterLogin() {
        scanner.maxLine(200);
        assertEquals(List.of("x".repeat(198)), lines("x".repeat(198) + "\r\n"));
    }

    @Test
    void byteByByteGivesTheSameAsAllAtOnce() {
        Random random = new Random(1);
        byte[] interesting = {
            '\r', '\n', 0, (byte) 0xff, (byte) 0xfb, (byte) 0xfd, (byte) 0xfa, (byte) 0xf0, 'A', ' ', (byte) 0xc3
        };
        for (int round = 0; round < 2000; round++) {
            byte[] input = new byte[random.nextInt(600)];
            for (int i = 0; i < input.length; i++) {
                input[i] = random.nextInt(4) > 0
                        ? interesting[random.nextInt(interesting.length)]
                        : (byte) random.nextInt(256);
            }
            LineScanner whole = new LineScanner(32);
            LineScanner split = new LineScanner(32);
            List<String> expected = lines(whole, input);
            List<String> found = new ArrayList<>();
            ByteArrayOutputStream answers = new ByteArrayOutputStream();
            for (byte b : input) {
                found.addAll(lines(split, new byte[] {b}));
                answers.writeBytes(split.takeAnswers());
            }
            assertEquals(expected, found);
            assertArrayEquals(whole.takeAnswers(), answers.toByteArray());
            assertEquals(whole.hasPartialLine(), split.hasPartialLine());
        }
    }
}
