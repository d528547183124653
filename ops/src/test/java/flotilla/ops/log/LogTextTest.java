package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    /**
     * Characters that reverse text, end a line or stay invisible: bidirectional marks, separators, a tag, a private
     * character, half a surrogate pair.
     */
    @ParameterizedTest
    @ValueSource(
            ints = {0x202e, 0x2066, 0x200b, 0xfeff, 0xad, 0x2028, 0x2029, 0x85, 0x1b, 0x7f, 0xe0041, 0xe000, 0xd800})
    @DisplayName("what hides or moves other characters is escaped, and JSON reads it back")
    void hidden(int point) throws Exception {
        String text = "a" + Character.toString(point) + "b";
        String escaped = LogText.escaped(text);
        assertEquals(true, escaped.matches("a(\\\\u[0-9a-f]{4})+b"), escaped);
        assertEquals(text, new ObjectMapper().readTree('"' + escaped + '"').textValue());
        assertEquals(escaped, LogText.shown(text));
    }

    @Test
    @DisplayName("letters of any script and pictures stay as they are")
    void seen() {
        String text = "žluťoučký Ω 日本語 😀";
        assertEquals(text, LogText.escaped(text));
        assertEquals("\\\\x\\\"", LogText.escaped("\\x\""));
        assertEquals("\\x\"", LogText.shown("\\x\""));
    }

    @Test
    @DisplayName("a long text is not cut within a character")
    void cut() {
        String text = "x".repeat(4095) + "😀";
        assertEquals("x".repeat(4095), LogText.escaped(text));
        assertEquals(4096, LogText.escaped("x".repeat(5000)).length());
    }
}
