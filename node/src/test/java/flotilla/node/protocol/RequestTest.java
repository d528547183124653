package flotilla.node.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.protocol.Request.Fault;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static Request request(String line) {
        return Request.parse(line.getBytes(UTF_8)).request().orElseThrow();
    }

    private static Fault fault(byte[] line) {
        return Request.parse(line).fault().orElseThrow();
    }

    private static Fault fault(String line) {
        return fault(line.getBytes(UTF_8));
    }

    @Test
    void theVerbIsUpperCaseInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals(Request.of("LIST"), request("list"));
            assertEquals(Request.of("MDTM", "i"), request("mDtM i"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void exactlyOneSpaceSeparatesAndAllOthersStay() {
        assertEquals(Request.of("PASS", " a b "), request("PASS  a b "));
        assertEquals(Request.of("PASS", ""), request("PASS "));
        assertEquals(Optional.empty(), request("PASS").argument());
    }

    @Test
    void spacesBeforeTheVerbAreTolerated() {
        assertEquals(Request.of("NOOP"), request("  NOOP"));
    }

    @Test
    void namesAreUtf8() {
        assertEquals(Request.of("CWD", "Größe/日本/😀"), request("CWD Größe/日本/😀"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff", // never in UTF-8
                "80", // continuation alone
                "c3", // cut off
                "c0af", // overlong slash
                "e080af",
                "f08080af",
                "c080", // overlong NUL
                "eda080", // surrogate
                "edbfbf",
                "f4908080", // beyond U+10FFFF
                "f8888080af"
            })
    void whatIsNotStrictUtf8IsRefused(String hex) {
        byte[] name = HexFormat.of().parseHex(hex);
        byte[] line = ByteBuffer.allocate(4 + name.length)
                .put("CWD ".getBytes(UTF_8))
                .put(name)
                .array();
        assertEquals(Fault.NOT_UTF8, fault(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1USER x", "-x", "RÉTR x", "A\tB", "ABCDEFGHIJKLMNOPQ", "RETR\u00a0x"})
    void aLineWithoutAVerbOfLettersIsASyntaxFault(String line) {
        assertEquals(Fault.SYNTAX, fault(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XSHA256", "X", "HOST:", "SSH-2", "ABCDEFGHIJKLMNOP"})
    void digitsAndWhatOtherProtocolsSendMayFollowTheFirstLetter(String verb) {
        assertEquals(Request.of(verb, "x"), request(verb + " x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\t", "\u001b[2J", "\u007f", "\u0085", "\u009b", "\u0000"})
    void controlCharactersInArgumentsAreRefused(String control) {
        assertEquals(Fault.CONTROL_CHARACTER, fault("MKD a" + control + "b"));
    }

    @Test
    void everyFaultHasAReplyThatIsARefusal() {
        assertEquals(500, Fault.SYNTAX.reply().code());
        assertEquals(500, Fault.TOO_LONG.reply().code());
        assertEquals(501, Fault.NOT_UTF8.reply().code());
        assertEquals(501, Fault.CONTROL_CHARACTER.reply().code());
    }

    @Test
    void secretsDoNotShowInLogs() {
        for (String line : new String[] {
            "PASS s3cret",
            "pass s3cret",
            "ACCT s3cret",
            "SITE PSWD s3cret s3cret",
            "site pswd s3cret",
            "SITE  PSWD s3cret"
        }) {
            Request request = request(line);
            assertFalse(request.toString().contains("s3cret"), line);
        }
    }

    @Test
    void randomLinesNeverThrowAndMemoryStaysBounded() {
        Random random = new Random(2);
        LineScanner scanner = new LineScanner(512);
        byte[] alphabet = "USERPASSretr /.\"*?-|,0189\r\0\t".getBytes(UTF_8);
        int parsed = 0;
        int lines = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(50) == 0 ? 2000 : 60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(8) == 0 ? (byte) random.nextInt(256) : alphabet[random.nextInt(alphabet.length)];
            }
            bytes[bytes.length - 1] = '\n';
            ByteBuffer input = ByteBuffer.wrap(bytes);
            for (var line = scanner.scan(input); line.isPresent(); line = scanner.scan(input)) {
                lines++;
                assertTrue(line.get().line().length <= 511);
                Request.Parsed result = Request.parse(line.get().line());
                assertTrue(result.request().isPresent() != result.fault().isPresent());
                if (result.request().isPresent()) {
                    parsed++;
                    assertFalse(Names.hasControl(result.request().get().text()));
                }
            }
            assertTrue(scanner.takeAnswers().length <= 96);
        }
        assertTrue(lines > 150_000, "lines " + lines);
        assertTrue(parsed > 1000, "parsed " + parsed);
    }
}
