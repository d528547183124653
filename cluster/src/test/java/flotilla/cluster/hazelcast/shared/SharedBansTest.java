package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Bans;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.TestNodes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedBansTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Bans bans;

    SharedBansTest(ClusterNode node) {
        bans = node.bans();
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Test
    void aBanHoldsAtOnceAndUntilItIsLifted() throws UnknownHostException {
        InetAddress address = address("198.51.100.1");
        get(bans.ban(address, MINUTE, "by hand"));
        Ban ban = bans.find(address).orElseThrow();
        assertEquals("by hand", ban.reason());
        assertTrue(bans.list(1_000).contains(ban));
        assertTrue(get(bans.unban(address)));
        assertEquals(Optional.empty(), bans.find(address));
        assertFalse(get(bans.unban(address)));
    }

    @Test
    void aBanEnds() throws UnknownHostException {
        InetAddress address = address("198.51.100.2");
        get(bans.ban(address, Duration.ofMillis(300), "short"));
        assertTrue(bans.find(address).isPresent());
        eventually(() -> bans.find(address).isEmpty());
    }

    @Test
    void olderBansGiveWayWhenThereAreTooMany() throws UnknownHostException {
        for (int i = 0; i < 2 * TestNodes.MAX_BANS; i++) {
            get(bans.ban(address("203.0." + i / 250 + '.' + i % 250), MINUTE, "flood"));
        }
        eventually(() -> bans.count() <= TestNodes.MAX_BANS);
        assertTrue(bans.count() > TestNodes.MAX_BANS / 2);
        InetAddress address = address("203.0.113.9");
        get(bans.ban(address, MINUTE, "the last"));
        assertTrue(bans.find(address).isPresent());
    }

    @Test
    void sixtyFourBitsOfAnIpv6AddressAreBanned() throws UnknownHostException {
        get(bans.ban(address("2001:db8:0:1::1"), MINUTE, "v6"));
        assertTrue(bans.find(address("2001:db8:0:1:ffff::2")).isPresent());
        assertTrue(bans.find(address("2001:db8:0:2::1")).isEmpty());
    }

    @Test
    void theLastFailureOfTooManyBans() throws UnknownHostException {
        InetAddress address = address("198.51.100.3");
        assertEquals(Optional.empty(), get(bans.loginFailed(address, 3, MINUTE, MINUTE, "alice, bob")));
        assertEquals(Optional.empty(), get(bans.loginFailed(address, 3, MINUTE, MINUTE, "alice, bob")));
        Ban ban =
                get(bans.loginFailed(address, 3, MINUTE, MINUTE, "alice, bob")).orElseThrow();
        assertEquals("3 wrong passwords, the last for alice, bob", ban.reason());
        assertTrue(bans.find(address).isPresent());
    }

    @Test
    void failuresBeforeTheWindowDoNotCount() throws UnknownHostException {
        InetAddress address = address("198.51.100.5");
        get(bans.loginFailed(address, 2, MINUTE, MINUTE, "alice, bob"));
        long now = System.currentTimeMillis();
        eventually(() -> System.currentTimeMillis() > now + 2);
        assertEquals(Optional.empty(), get(bans.loginFailed(address, 2, Duration.ofMillis(1), MINUTE, "alice, bob")));
    }
}
