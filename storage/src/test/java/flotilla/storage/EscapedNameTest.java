package flotilla.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedNameTest {
    /** The characters of {@code bytes} stand for the bytes of the name on disk. */
    @ParameterizedTest
    @CsvSource({
        "M\u00fcller.txt, M%xFCller.txt",
        "a\u00c0\u00af, a%xC0%xAF", // an overlong slash
        "\u00ed\u00a0\u0080, %xED%xA0%x80", // a surrogate
        "cut\u00c3, cut%xC3",
        "red\u001b[31m, red%x1B[31m",
        "\u007f, %x7F",
        "\u00c2\u0085, %xC2%x85", // U+0085
        "%xFF, %x25xFF",
        "%x25xFF, %x25x25xFF",
        "%\u00ff, %%xFF",
        "%x\u00ff, %x%xFF",
        "100%x\u00ffF, 100%x%xFFF"
    })
    void whatFtpCannotCarryIsEscaped(String bytes, String text) {
        assertEquals(text, EscapedName.of(bytes.getBytes(ISO_8859_1)));
        assertArrayEquals(bytes.getBytes(ISO_8859_1), EscapedName.bytes(text));
        assertTrue(EscapedName.isEscaped(text));
    }

    @Test
    void aLineEndIsEscaped() {
        assertEquals("a%x0D%x0Ab", EscapedName.of("a\r\nb".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "M\u00fcller",
                "\u202e",
                "\u2028",
                "\ufffd",
                "a%41",
                "%FF",
                "%xff",
                "%x41",
                "%x00",
                "%x2F",
                "%x",
                "100%",
                "\ud83d\ude00"
            })
    void allOtherNamesAreTheirOwnText(String name) {
        assertEquals(name, EscapedName.of(name.getBytes(UTF_8)));
        assertArrayEquals(name.getBytes(UTF_8), EscapedName.bytes(name));
        assertFalse(EscapedName.isEscaped(name));
    }

    /** A text that {@code of} never returns stands for the name with the same characters. */
    @Test
    void anEscapeOfWhatNeedsNoneIsNone() {
        assertArrayEquals("%xC3%xBC".getBytes(UTF_8), EscapedName.bytes("%xC3%xBC"));
        assertFalse(EscapedName.isEscaped("%xC3%xBC"));
    }

    @Test
    void eachNameHasOneText() {
        Random random = new Random(20);
        byte[][] pieces = {
            {'%'},
            {'x'},
            {'F'},
            {'F'},
            {'2'},
            {'5'},
            {'8'},
            {'0'},
            {(byte) 0xff},
            {(byte) 0xc3},
            {(byte) 0xbc},
            {(byte) 0x80},
            {'\n'}
        };
        for (int i = 0; i < 100_000; i++) {
            byte[] name = new byte[1 + random.nextInt(9)];
            for (int at = 0; at < name.length; at++) {
                name[at] = pieces[random.nextInt(pieces.length)][0];
            }
            String text = EscapedName.of(name);
            assertArrayEquals(name, EscapedName.bytes(text), text);
            assertTrue(text.chars().noneMatch(Character::isISOControl), text);
        }
    }

    @Test
    void aNameAsLongAsTheDiskTakesItHasRoomForItsEscapes() throws Exception {
        VirtualPath.of("/" + "%xFF".repeat(255));
        StorageActions.refused(StorageException.Reason.INVALID_NAME, () -> VirtualPath.of("/" + "%xFF".repeat(256)));
        StorageActions.refused(StorageException.Reason.INVALID_NAME, () -> VirtualPath.of("/" + "%xff".repeat(64)));
    }
}
