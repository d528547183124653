package flotilla.node.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import flotilla.cluster.hazelcast.RecordTable;
import flotilla.cluster.wire.WireCodec;
import flotilla.cluster.wire.WireTypes;
import flotilla.node.WireTable;
import flotilla.node.refusal.Refusal;
import flotilla.node.trace.TraceLine;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final long FRAME = ConfigFactory.load().getBytes("pekko.remote.artery.advanced.maximum-frame-size");

    private final WireCodec codec = new WireCodec(WireTypes.of(RecordTable.types(), WireTable.types()));

    private static Refusal refusal(String text) {
        return new Refusal(Instant.EPOCH, "node-1", "command-refused", "alice", "192.0.2.1", "0-s", text, text, 550);
    }

    private static TraceLine line(String text) {
        return new TraceLine(1, Instant.EPOCH, "node-1", "0-s", "alice", "192.0.2.1", text, 550, text);
    }

    @Test
    void theLongestRefusalsAndLinesFitIntoAMessage() {
        List<Refusal> refusals = Frames.refusals(Collections.nCopies(500, refusal("\u30d5".repeat(300))));
        List<TraceLine> lines = Frames.lines(Collections.nCopies(200, line("\u30d5".repeat(500))));
        assertTrue(refusals.size() > 50 && lines.size() > 30, refusals.size() + " and " + lines.size());
        assertTrue(codec.encode(new RecordMessage.RefusalsHere("node-1", refusals)).length < FRAME / 4 * 3);
        assertTrue(codec.encode(new RecordMessage.TraceHere("node-1", 1, lines)).length < FRAME / 4 * 3);
    }

    @Test
    void ordinaryOnesAreAllThere() {
        assertEquals(
                200,
                Frames.refusals(Collections.nCopies(200, refusal("STOR /in/a.csv")))
                        .size());
        assertEquals(
                200, Frames.lines(Collections.nCopies(200, line("CWD /in"))).size());
    }
}
