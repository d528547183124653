package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.event.NodeEvent;
import flotilla.node.state.Link;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentCountsTest {
    private long seconds = 1_000;
    private final RecentCounts counts = new RecentCounts("one", () -> seconds);

    private static Link link(String client) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(client);
        return new Link("s", address, 1, address, 21, false, "one", Instant.EPOCH, new UUID(0, 1));
    }

    private double value(String kind) {
        return counts.read().stream()
                .filter(reading -> reading.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private void noData(String client) throws UnknownHostException {
        counts.accept(new NodeEvent.NoDataConnection(link(client), "anna"));
    }

    private void transfer(Ending ending, long bytes) throws UnknownHostException {
        counts.accept(new NodeEvent.TransferFinished(
                link("192.0.2.9"),
                "anna",
                "",
                new Transfer.Send("/file", 0, false, 5, 0, "1"),
                new TransferResult(1, ending, bytes, 1, false, "", "one", ""),
                true,
                226));
    }

    @Test
    void whatIsOlderThanAMinuteIsNotCounted() throws Exception {
        NodeEvent failure =
                new NodeEvent.LoginFailed(link("192.0.2.1"), "anna", NodeEvent.LoginFailure.WRONG_PASSWORD, 530);
        counts.accept(failure);
        counts.accept(failure);
        seconds += 30;
        counts.accept(failure);
        counts.accept(new NodeEvent.Banned("192.0.2.1", "guesses"));
        assertEquals(3, value(Rules.LOGIN_FAILURES));
        assertEquals(1, value(Rules.BANS));
        seconds += 30;
        assertEquals(1, value(Rules.LOGIN_FAILURES));
        seconds += 30;
        assertEquals(0, value(Rules.LOGIN_FAILURES));
        assertEquals(0, value(Rules.BANS));
    }

    @Test
    void oneClientWithAFirewallOfItsOwnIsOneClient() throws Exception {
        noData("192.0.2.1");
        noData("192.0.2.1");
        noData("192.0.2.2");
        assertEquals(2, value(Rules.PASSIVE));
    }

    @Test
    void aDataConnectionShowsThatTheAddressIsReached() throws Exception {
        noData("192.0.2.1");
        transfer(Ending.CUT, 0);
        assertEquals(1, value(Rules.PASSIVE));
        transfer(Ending.COMPLETE, 0);
        assertEquals(0, value(Rules.PASSIVE));
    }
}
