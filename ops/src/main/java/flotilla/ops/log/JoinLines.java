package flotilla.ops.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Leaves out what Pekko says of first nodes that it cannot join: a warning each second while a cluster forms, which is
 * normal, and the advice to switch off the check that keeps a node of other settings out. The node itself says what it
 * waits for, and why it is not taken. Named in {@code logback.xml}.
 */
public final class JoinLines extends Filter<ILoggingEvent> {
    private static final String LOGGERS = "org.apache.pekko.cluster.";
    private static final String TEXT = "Couldn't join seed nodes";

    /** Made by Logback. */
    public JoinLines() {}

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLoggerName().startsWith(LOGGERS)
                        && event.getFormattedMessage().contains(TEXT)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
