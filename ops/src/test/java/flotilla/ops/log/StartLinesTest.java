package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class StartLinesTest {
    private final StartLines filter = new StartLines();

    private FilterReply decide(String logger, Level level, String message) {
        Logger from = new LoggerContext().getLogger(logger);
        return filter.decide(new LoggingEvent("", from, level, message, null, null));
    }

    @Test
    void aCoordinatorThatWaitsForTheOtherNodesIsNoError() {
        assertEquals(
                FilterReply.DENY,
                decide(
                        "org.apache.pekko.cluster.sharding.DDataShardCoordinator",
                        Level.ERROR,
                        "session: The ShardCoordinator was unable to get an initial state within"
                                + " 'waiting-for-state-timeout': 2000 millis (retrying)."));
    }

    @Test
    void everythingElseIsLogged() {
        assertEquals(
                FilterReply.NEUTRAL,
                decide(
                        "org.apache.pekko.cluster.sharding.DDataShardCoordinator",
                        Level.ERROR,
                        "session: The ShardCoordinator was unable to update a distributed state"));
        assertEquals(
                FilterReply.NEUTRAL,
                decide("flotilla.Other", Level.WARN, "Couldn't join seed nodes, as somebody else says"));
    }
}
