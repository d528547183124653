package flotilla.ops.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the latest messages of the process in memory: at most {@value #MOST}, each of at most {@value #LONGEST}
 * characters. It leaves out what traces log, which may be much.
 */
public final class RecentMessages extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** The messages of this process. Logback makes its own appender, which adds to this one. */
    public static final RecentMessages SHARED = new RecentMessages();

    private static final int MOST = 1_000;
    private static final int LONGEST = 2_000;
    private static final String TRACES = "flotilla.trace";

    private final Deque<Message> messages = new ArrayDeque<>();
    private int last;

    /**
     * A message.
     *
     * @param number counts the messages of the process from 1
     * @param level ERROR, WARN or INFO
     * @param text one line, with the first line of a failure
     */
    public record Message(int number, Instant time, String level, String logger, String text) {}

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLoggerName().equals(TRACES)) {
            SHARED.add(event);
        }
    }

    private void add(ILoggingEvent event) {
        IThrowableProxy failure = event.getThrowableProxy();
        String text = LogText.shown(event.getFormattedMessage()
                + (failure == null ? "" : ": " + failure.getClassName() + ": " + failure.getMessage()));
        String kept = text.substring(0, Math.min(text.length(), LONGEST));
        synchronized (messages) {
            last++;
            messages.add(new Message(
                    last,
                    Instant.ofEpochMilli(event.getTimeStamp()),
                    event.getLevel().toString(),
                    event.getLoggerName(),
                    kept));
            if (messages.size() > MOST) {
                messages.remove();
            }
        }
    }

    /**
     * Returns the messages that are kept, the oldest first.
     *
     * @param after number of the last message that the caller has
     * @param level the least level: ERROR, WARN or INFO
     */
    public List<Message> since(int after, String level) {
        Level least = Level.toLevel(level);
        synchronized (messages) {
            List<Message> found = new ArrayList<>();
            for (Message message : messages) {
                if (message.number() > after && Level.toLevel(message.level()).isGreaterOrEqual(least)) {
                    found.add(message);
                }
            }
            return found;
        }
    }
}
