package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.state.Link;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Collectors parse these lines, so no character may change. */
class SyslogFormatTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Link LINK =
            new Link("0-s", HERE, 50_000, HERE, 21, false, "node-1", Instant.EPOCH, new UUID(0, 1));
    private static final NodeEvent FAILED =
            new NodeEvent.LoginFailed(LINK, "a|b=c\\d\n\u202e", LoginFailure.WRONG_PASSWORD, 530);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T18:00:00.123456789Z"), ZoneOffset.UTC);

    @Test
    void theHeaderIsThatOfRfc5424() {
        long pid = ProcessHandle.current().pid();
        SyslogFormat format = new SyslogFormat(event -> "text", 11, "node 1", CLOCK);
        assertEquals(
                "<92>1 2026-11-30T18:00:00.123456Z node?1 flotilla " + pid + " LoginFailed - text",
                format.line(FAILED));
        assertEquals(
                "<94>1 2026-11-30T18:00:00.123456Z node?1 flotilla " + pid + " Connected - text",
                format.line(new NodeEvent.Connected(LINK)));
        assertEquals("", new SyslogFormat(event -> "", 11, "n", CLOCK).line(FAILED));
    }

    @Test
    void cefEscapesWhatItsReadersSplitAt() {
        String line = new CefFormat("node-1", "1|0").line(FAILED);
        assertEquals(
                "CEF:0|Flotilla|flotilla|1\\|0|LoginFailed|Login Failed|6|rt=TIME cs1=0-s cs1Label=session src=127.0.0.1"
                        + " dvchost=node-1 suser=a|b\\=c\\\\d\\n\\u202e reason=wrong-password cn1=530 cn1Label=replyCode",
                line.replaceFirst("rt=[0-9]+", "rt=TIME"));
        assertEquals("", new CefFormat("node-1", "1").line(new NodeEvent.Probed("192.0.2.1", false)));
    }

    @Test
    void thePriorityForTheJournalIsBeforeTheLine() {
        assertEquals("<4>text", new JournalFormat(event -> "text").line(FAILED));
        assertEquals("<6>text", new JournalFormat(event -> "text").line(new NodeEvent.Connected(LINK)));
        assertEquals("", new JournalFormat(event -> "").line(FAILED));
    }
}
