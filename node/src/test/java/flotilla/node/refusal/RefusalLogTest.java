package flotilla.node.refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Bans.Ban;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.state.Link;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private Optional<Ban> ban = Optional.empty();
    private final RefusalLog log = new RefusalLog("node-1", 20, address -> ban, Clock.fixed(NOW, ZoneOffset.UTC));

    private static NodeEvent failed(String address, String session, String user, LoginFailure why) {
        try {
            InetAddress client = InetAddress.getByName(address);
            return new NodeEvent.LoginFailed(
                    new Link(session, client, 50_000, client, 21, false, "node-1", NOW, new UUID(0, 1)),
                    user,
                    why,
                    530);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theNewestComesFirstAndIsFoundByNameAddressNetworkAndSession() {
        log.accept(failed("192.0.2.1", "abcdefgh.1-aaaaaaaaaabbbbbbbbbb", "alice", LoginFailure.WRONG_PASSWORD));
        log.accept(failed("192.0.2.2", "abcdefgh.1-aaaaaaaaaacccccccccc", "alice", LoginFailure.DISABLED));
        assertEquals(
                List.of("login-disabled", "login-wrong-password"),
                log.about("alice", 10).stream()
                        .map(flotilla.node.refusal.Refusal::cause)
                        .toList());
        assertEquals(1, log.about("alice", 1).size());
        assertEquals("login-disabled", log.about("192.0.2.2", 10).get(0).cause());
        assertEquals(2, log.about("192.0.2.0/24", 10).size());
        assertEquals(1, log.about("bbbbbbbbbb", 10).size());
        assertEquals(1, log.about("abcdefgh.1-aaaaaaaaaabbbbbbbbbb", 10).size());
        assertEquals(List.of(), log.about("bob", 10));
        assertEquals(List.of(), log.about("192.0.2.3", 10));
    }

    @Test
    void aNameThatMayBeAPasswordIsShownOnlyToWhoGivesIt() {
        log.accept(failed("192.0.2.1", "s", "correct-horse", LoginFailure.UNKNOWN_USER));
        log.accept(failed("192.0.2.1", "s", "hunter2", LoginFailure.NOT_LISTED));
        assertEquals("h…", log.about("", 10).get(0).user());
        assertEquals("co…", log.about("", 10).get(1).user());
        assertEquals("correct-horse", log.about("correct-horse", 10).get(0).user());
        assertEquals(List.of(), log.about("co…", 10));
    }

    @Test
    void aFloodFromOneAddressLeavesTheOthersTheirPlaces() {
        log.accept(failed("192.0.2.1", "s", "alice", LoginFailure.EXPIRED));
        for (int i = 0; i < 100; i++) {
            log.accept(new NodeEvent.Refused("198.51.100.9", Refusal.ADDRESS_SESSIONS));
        }
        assertEquals(1, log.about("alice", 10).size());
        assertEquals(2, log.about("198.51.100.9", 100).size());
        for (int i = 0; i < 100; i++) {
            log.accept(new NodeEvent.Refused("198.51.100." + i, Refusal.OVERLOADED));
        }
        assertEquals(20, log.about("", 100).size());
        assertEquals("198.51.100.99", log.about("", 1).get(0).address());
    }

    @Test
    void aBanIsToldWithItsEndAndItsReasonWithoutTheNamesThatWereTried() {
        ban = Optional.of(
                new Ban("192.0.2.1", NOW.plusSeconds(60), "5 wrong passwords, the last for alice, a\u2028hunter2"));
        log.accept(new NodeEvent.Refused("192.0.2.1", Refusal.BANNED));
        assertEquals(
                "until 2026-11-30T12:01:00Z: 5 wrong passwords",
                log.about("", 1).get(0).detail());
    }

    @Test
    void whatIsNoRefusalIsNotKept() {
        log.accept(new NodeEvent.Probed("192.0.2.1", false));
        log.accept(new NodeEvent.DataSecured("TLSv1.3", true));
        assertTrue(log.about("", 10).isEmpty());
    }
}
