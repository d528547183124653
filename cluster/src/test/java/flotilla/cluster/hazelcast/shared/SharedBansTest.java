package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Bans;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.Block;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.TestNodes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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
    void aNetworkIsBannedUntilItIsLifted() throws UnknownHostException {
        Ban ban = get(bans.keep(Block.parse("203.0.112.0/25"), Bans.FOREVER, "a network"))
                .orElseThrow();
        eventually(() -> bans.kept().contains(ban));
        assertEquals(Optional.of(ban), bans.find(address("203.0.112.99")));
        assertEquals(Optional.empty(), bans.find(address("203.0.112.128")));
        assertTrue(bans.list(100_000).contains(ban));
        get(bans.keep(Block.parse("203.0.112.0/24"), Instant.now().minusSeconds(1), "has ended"));
        assertEquals(Optional.empty(), bans.find(address("203.0.112.200")));
        assertTrue(get(bans.unban(Block.parse("203.0.112.0/25"))));
        InetAddress free = address("203.0.112.99");
        eventually(() -> bans.find(free).isEmpty());
        assertFalse(get(bans.unban(Block.parse("203.0.112.0/25"))));
    }

    @Test
    void aBanForAWhileReplacesOneThatIsKept() throws UnknownHostException {
        InetAddress address = address("192.0.2.55");
        get(bans.keep(Block.of(address), Bans.FOREVER, "for ever"));
        get(bans.ban(address, MINUTE, "for a minute"));
        assertEquals("for a minute", bans.find(address).orElseThrow().reason());
        assertTrue(bans.kept().isEmpty());
        assertTrue(get(bans.unban(address)));
        assertEquals(Optional.empty(), bans.find(address));
    }

    @Test
    void aBanThatThisNodeHasNotReadYetIsLifted(@TempDir Path directory) throws UnknownHostException {
        Database database = Database.embedded(directory);
        ClusterNode node = TestNodes.start("unread", database);
        try (JdbcUserStore store = JdbcUserStore.open(database)) {
            store.bans().put(new Ban("192.0.2.56", Bans.FOREVER, "unread"), 10);
            assertTrue(get(node.bans().unban(address("192.0.2.56"))));
            assertTrue(store.bans().list(10).isEmpty());
        } finally {
            get(node.leave());
        }
    }

    @Test
    void aRowThatNamesNoNetworkHidesNoOther(@TempDir Path directory) throws UnknownHostException {
        Database database = Database.embedded(directory);
        try (JdbcUserStore store = JdbcUserStore.open(database)) {
            store.bans().put(new Ban("10.0.0.0/99", Bans.FOREVER, "by hand"), 10);
            store.bans().put(new Ban("192.0.2.57", Bans.FOREVER, "good"), 10);
        }
        ClusterNode node = TestNodes.start("unreadable", database);
        try {
            assertTrue(node.bans().find(address("192.0.2.57")).isPresent());
        } finally {
            get(node.leave());
        }
    }

    @Test
    void onlySoManyBansAreKept() {
        for (int i = 0; i < TestNodes.MAX_KEPT_BANS; i++) {
            assertTrue(get(bans.keep(Block.parse("10." + i + ".0.0/16"), Bans.FOREVER, "many"))
                    .isPresent());
        }
        assertEquals(Optional.empty(), get(bans.keep(Block.parse("10.99.0.0/16"), Bans.FOREVER, "too many")));
        assertTrue(
                get(bans.keep(Block.parse("10.0.0.0/16"), Bans.FOREVER, "again"))
                        .isPresent(),
                "it replaces one");
        eventually(() -> bans.kept().size() == TestNodes.MAX_KEPT_BANS);
        for (int i = 0; i < TestNodes.MAX_KEPT_BANS; i++) {
            assertTrue(get(bans.unban(Block.parse("10." + i + ".0.0/16"))));
        }
    }

    @Test
    void bansThatAreKeptOutliveAllNodes(@TempDir Path directory) throws UnknownHostException {
        Database database = Database.embedded(directory);
        ClusterNode first = TestNodes.start("kept-1", database);
        get(first.bans().keep(Block.parse("198.51.100.0/24"), Bans.FOREVER, "for ever"));
        get(first.bans().keep(Block.parse("192.0.2.7"), Bans.FOREVER, "one client"));
        get(first.leave());
        ClusterNode second = TestNodes.start("kept-2", database);
        try {
            assertTrue(second.bans().find(address("198.51.100.9")).isPresent());
            assertTrue(second.bans().find(address("192.0.2.7")).isPresent());
            assertEquals(2, second.bans().count());
        } finally {
            get(second.leave());
        }
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
