package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
    private static final String LETTERS = "ab/ %xE2C8AF.?ÄäßéÿñœŒ€я日本語한ｱ\\~\u0301\u00a0😀";

    private static String shown(String encoding, String name) {
        return new String(Encoding.named(encoding).orElseThrow().encode(name), Charset.forName(encoding));
    }

    private static String read(String encoding, String shown) throws CharacterCodingException {
        return Encoding.named(encoding).orElseThrow().decode(shown.getBytes(Charset.forName(encoding)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ISO-8859-1",
                "ISO-8859-15",
                "windows-1252",
                "windows-1251",
                "KOI8-R",
                "IBM437",
                "IBM850",
                "Shift_JIS",
                "windows-31j",
                "EUC-JP",
                "GBK",
                "GB18030",
                "Big5",
                "EUC-KR",
                "US-ASCII"
            })
    void eachNameHasOneFormAndNoFormIsThatOfAnother(String name) throws CharacterCodingException {
        Encoding encoding = Encoding.named(name).orElseThrow();
        Random random = new Random(5);
        int[] letters = LETTERS.codePoints().toArray();
        Map<String, String> forms = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                text.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            byte[] bytes = encoding.encode(text.toString());
            String back = encoding.decode(bytes);
            if (!back.equals(text.toString())) {
                assertTrue(back.contains("?"), () -> text + " is shown as " + back + ", which may be another file");
            }
            String form = new String(bytes, StandardCharsets.ISO_8859_1);
            String other = forms.putIfAbsent(form, text.toString());
            assertTrue(other == null || other.contentEquals(text) || back.contains("?"), () -> text + " and " + other);
        }
    }

    @Test
    void whatTheEncodingLacksIsEscaped() throws CharacterCodingException {
        assertEquals("Müller", shown("ISO-8859-1", "Müller"));
        assertEquals("5 %xE2%x82%xAC", shown("ISO-8859-1", "5 €"));
        assertEquals("5 €", read("ISO-8859-1", "5 %xE2%x82%xAC"));
        assertEquals("5 €", shown("ISO-8859-15", "5 €"));
        assertEquals("5 %xE2%x82%xAC", read("ISO-8859-15", "5 %xE2%x82%xAC"), "a character that it has");
        assertEquals("%xF0%x9F%x98%x80", shown("Shift_JIS", "😀"));
        assertEquals("日本", read("Shift_JIS", "日本"));
        assertEquals("e%xCC%x81", shown("windows-1252", "e\u0301"), "a decomposed name stays one");
    }

    @Test
    void whatLooksLikeAnEscapeIsTold() throws CharacterCodingException {
        assertEquals("?xE2%x82%xAC", shown("ISO-8859-1", "%xE2%x82%xAC"));
        assertEquals("M%xFCller", shown("ISO-8859-1", "M%xFCller"), "an escape of the store");
        assertEquals("M%xFCller", read("ISO-8859-1", "M%xFCller"));
        for (String text : new String[] {"%", "%x", "%xE2", "%xE2%x82", "%xe2%x82%xac", "%xC2%x85", "100%x41"}) {
            assertEquals(text, shown("ISO-8859-1", text));
            assertEquals(text, read("ISO-8859-1", text));
        }
    }

    @Test
    void utf8IsAsItIs() throws CharacterCodingException {
        assertSame(Encoding.UTF_8, Encoding.of(""));
        assertSame(Encoding.UTF_8, Encoding.of("utf8"));
        assertSame(Encoding.UTF_8, Encoding.of("no such encoding"));
        assertArrayEquals(
                "5 € %xE2%x82%xAC".getBytes(StandardCharsets.UTF_8), Encoding.UTF_8.encode("5 € %xE2%x82%xAC"));
        assertEquals("%xE2%x82%xAC", Encoding.UTF_8.decode("%xE2%x82%xAC".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThrows(
                CharacterCodingException.class, () -> Encoding.of("Shift_JIS").decode(new byte[] {'a', (byte) 0x81}));
        assertThrows(CharacterCodingException.class, () -> Encoding.of("windows-1252")
                .decode(new byte[] {(byte) 0x81}));
        assertThrows(
                CharacterCodingException.class, () -> Encoding.of("US-ASCII").decode(new byte[] {(byte) 0xe4}));
    }

    @ParameterizedTest
    @CsvSource({"latin1, ISO-8859-1", "LATIN-9, ISO-8859-15", "sjis, Shift_JIS", "cp1252, windows-1252", "utf-8, UTF-8"
    })
    void aliasesAreKnown(String alias, String name) {
        assertEquals(name, Encoding.named(alias).orElseThrow().name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-16",
                "UTF-16LE",
                "UTF-32",
                "ISO-2022-JP",
                "ISO-2022-KR",
                "IBM037",
                "x-JISAutoDetect",
                "nonsense",
                "bad name!"
            })
    void encodingsThatCommandsCannotHaveAreRefused(String name) {
        assertEquals(Optional.empty(), Encoding.named(name));
    }
}
