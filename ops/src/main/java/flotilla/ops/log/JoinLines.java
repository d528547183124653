package flotilla.ops.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Drops Pekko's messages about seeds that it cannot join. One comes each second while a cluster forms, which is normal.
 * They also advise to switch off the check that keeps out a node with other settings. The node logs itself why it waits
 * or is not admitted. {@code logback.xml} names this class.
 */
public final class JoinLines extends Filter<ILoggingEvent> {
    private static final String LOGGERS = "org.apache.pekko.cluster.";
    private static final String TEXT = "Couldn't join seed nodes";

    /** Called by Logback. */
    public JoinLines() {}

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLoggerName().startsWith(LOGGERS)
                        && event.getFormattedMessage().contains(TEXT)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
