package flotilla.node.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static String wire(Reply reply) {
        return new String(reply.encode(), UTF_8);
    }

    @Test
    void oneLineIsCodeSpaceText() {
        assertEquals("200 OK.\r\n", wire(Reply.of(200, "OK.")));
        assertEquals("200 \r\n", wire(Reply.of(200, "")));
    }

    @Test
    void innerLinesAreIndentedSoThatNoneLooksLikeTheEnd() {
        Reply reply = Reply.multiLine(211, "Features:", List.of("211 End", "SIZE"), "End");
        assertEquals("211-Features:\r\n 211 End\r\n SIZE\r\n211 End\r\n", wire(reply));
    }

    @Test
    void twoLinesHaveNoInnerOnes() {
        assertEquals("211-a\r\n211 b\r\n", wire(Reply.multiLine(211, "a", List.of(), "b")));
    }

    @Test
    void noTextCanEndALineOrDriveATerminal() {
        assertEquals("550 a??221 bye?[2J??\r\n", wire(Reply.of(550, "a\r\n221 bye\u001b[2J\u007f\u009b")));
    }

    @Test
    void namesAreUtf8() {
        assertEquals("257 \"/Größe 😀\"\r\n", wire(Reply.of(257, Names.quoted("/Größe 😀"))));
    }

    @Test
    void linesAreBounded() {
        byte[] wire = Reply.of(550, "x".repeat(100_000)).encode();
        assertTrue(wire.length < 8192, "clients refuse lines of more than 8192 bytes: " + wire.length);
    }

    @Test
    void quotesAreDoubled() {
        assertEquals("\"/a\"\"b\"", Names.quoted("/a\"b"));
    }

    @Test
    void theClassOfACodeDecides() {
        assertTrue(Reply.of(150, "").isPreliminary());
        assertFalse(Reply.of(226, "").isPreliminary());
        assertFalse(Reply.of(350, "").isRefusal());
        assertTrue(Reply.of(425, "").isRefusal());
    }

    @Test
    void whatIsNoReplyCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> Reply.of(99, "x"));
        assertThrows(IllegalArgumentException.class, () -> Reply.of(700, "x"));
        assertThrows(IllegalArgumentException.class, () -> new Reply(200, List.of()));
    }
}
