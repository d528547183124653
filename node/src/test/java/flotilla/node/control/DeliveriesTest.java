package flotilla.node.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import flotilla.node.message.SessionMessage.Command;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The times at which commands are sent again, with a clock that the test moves. The clock may be negative, and may
 * wrap.
 */
class DeliveriesTest {
    private static final ActorTestKit KIT = ActorTestKit.create(
            "deliveries", ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }"));
    private static final long START = Long.MAX_VALUE - 1_000;

    private final Deliveries deliveries = new Deliveries();

    @AfterAll
    static void close() {
        KIT.shutdownTestKit();
    }

    private static Command command(long sequence) {
        ActorRef<flotilla.node.message.ControlMessage> nobody = KIT.system().ignoreRef();
        return new Command(sequence, "NOOP", Optional.empty(), nobody, Optional.empty());
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private static List<Long> numbers(Collection<Command> commands) {
        return commands.stream().map(Command::sequence).toList();
    }

    @Test
    void aCommandWithoutASignOfLifeIsSentAgainLessAndLessOften() {
        deliveries.sent(command(1), at(0));
        assertEquals(List.of(), numbers(deliveries.due(at(249))));
        for (int millis : new int[] {250, 750, 1_750, 3_750, 5_750}) {
            assertEquals(List.of(), numbers(deliveries.due(at(millis - 1))));
            assertEquals(List.of(1L), numbers(deliveries.due(at(millis))));
            assertEquals(List.of(), numbers(deliveries.due(at(millis))), "not twice at once");
        }
    }

    @Test
    void aSignOfLifeMakesItPatient() {
        deliveries.sent(command(1), at(0));
        deliveries.alive(1, at(100));
        assertEquals(List.of(), numbers(deliveries.due(at(2_099))));
        assertEquals(List.of(1L), numbers(deliveries.due(at(2_100))));
        assertEquals(List.of(1L), numbers(deliveries.due(at(4_100))));
    }

    @Test
    void whatIsAnsweredIsNotSentAgain() {
        deliveries.sent(command(1), at(0));
        deliveries.sent(command(2), at(0));
        deliveries.answered(1);
        assertEquals(List.of(2L), numbers(deliveries.due(at(250))));
        deliveries.answered(2);
        assertTrue(deliveries.isEmpty());
        assertFalse(deliveries.isHopeless(at(100_000)));
    }

    @Test
    void everythingIsSentAgainAtOnceWhenItsNodeIsLost() {
        deliveries.sent(command(1), at(0));
        deliveries.sent(command(2), at(0));
        deliveries.alive(1, at(10));
        assertEquals(List.of(1L, 2L), numbers(deliveries.all(at(20))), "in the order of the client");
        assertEquals(List.of(1L, 2L), numbers(deliveries.due(at(270))), "and soon again: the first may be lost, too");
    }

    @Test
    void aSilenceOfAMinuteIsHopelessHoweverOftenItWasSent() {
        deliveries.sent(command(1), at(0));
        deliveries.sent(command(2), at(0));
        deliveries.alive(1, at(30_000));
        deliveries.all(at(59_000));
        assertFalse(deliveries.isHopeless(at(60_000)));
        assertTrue(deliveries.isHopeless(at(60_001)), "the second was never heard of");
        deliveries.answered(2);
        assertFalse(deliveries.isHopeless(at(90_000)));
        assertTrue(deliveries.isHopeless(at(90_001)));
    }
}
