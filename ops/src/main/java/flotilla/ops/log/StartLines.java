package flotilla.ops.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.TimeUnit;

/**
 * Drops what Pekko says while a cluster forms, which is normal. Seeds that it cannot join come each second, with the
 * advice to switch off the check that keeps out a node with other settings. A coordinator of shards that waits for most
 * of the nodes comes each two seconds, as an error at last. The node logs itself what it waits for. {@code logback.xml}
 * names this class.
 */
public final class StartLines extends Filter<ILoggingEvent> {
    private static final String CLUSTER = "org.apache.pekko.cluster.";
    private static final String JOIN = "Couldn't join seed nodes";
    private static final String COORDINATOR = "ShardCoordinator was unable to get an initial state";
    private static final long FORMING_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final long start = System.nanoTime();

    /** Called by Logback. */
    public StartLines() {}

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLoggerName().startsWith(CLUSTER) && isNormal(event.getFormattedMessage())
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }

    private boolean isNormal(String message) {
        return message.contains(JOIN) || message.contains(COORDINATOR) && System.nanoTime() - start < FORMING_NANOS;
    }
}
