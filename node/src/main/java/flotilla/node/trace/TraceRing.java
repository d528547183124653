package flotilla.node.trace;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of the trace on this node, in memory. It asks for no trace itself. */
public final class TraceRing implements EventSink {
    private static final int LINES = 2_000;
    private static final int LONGEST = 500;
    /** Numbers a millisecond; a node that starts again begins behind all numbers that it has given. */
    private static final int NUMBERS = 1_000;

    private final String node;
    private final Clock clock;
    private final Deque<TraceLine> lines = new ArrayDeque<>();
    private long last;

    /** @param node name of this node */
    public TraceRing(String node, Clock clock) {
        this.node = node;
        this.clock = clock;
        this.last = clock.millis() * NUMBERS;
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.Exchanged line) {
            add(line);
        }
    }

    private synchronized void add(NodeEvent.Exchanged line) {
        if (lines.size() >= LINES) {
            lines.removeFirst();
        }
        lines.addLast(new TraceLine(
                ++last,
                Instant.now(clock),
                node,
                line.link().sessionId(),
                line.user(),
                line.link().client().getHostAddress(),
                cut(line.request()),
                line.code(),
                cut(line.reply())));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** The number of the last line so far. */
    public synchronized long last() {
        return last;
    }

    /** The first lines after one, oldest first. */
    public synchronized List<TraceLine> after(long number, int limit) {
        return lines.stream()
                .filter(line -> line.number() > number)
                .limit(limit)
                .toList();
    }
}
