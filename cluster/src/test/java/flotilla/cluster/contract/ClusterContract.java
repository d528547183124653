package flotilla.cluster.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.Limits.Key;
import flotilla.cluster.PassivePool.Lease;
import flotilla.cluster.SessionDirectory.SessionRecord;
import flotilla.cluster.User;
import flotilla.cluster.Vault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The promises of what nodes share, on one node that holds nothing when a test begins. */
@Timeout(60)
public abstract class ClusterContract {
    private static final Duration LONG = Duration.ofHours(1);

    /** The node under test. */
    protected abstract ClusterNode node();

    /** The ports of its passive pool. */
    protected abstract Set<Integer> ports();

    /** A state of a session that the node can store, different for each number. */
    protected abstract Object state(int number);

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Copies of shared values reach a node a moment later. */
    private static void eventually(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private boolean acquire(Key key, String session, int max) {
        return get(node().limits().acquire(key, node().holder(session), max));
    }

    @Test
    void aLimitCountsSessionsOnce() {
        Key key = Key.user("contract-limit");
        assertTrue(acquire(key, "a", 2));
        assertTrue(acquire(key, "a", 2), "a session that has a slot keeps it");
        assertTrue(acquire(key, "b", 2));
        assertFalse(acquire(key, "c", 2));
        assertEquals(2, get(node().limits().held(key)));
        assertEquals(2, node().limits().heldHere().get(key));
        get(node().limits().release(key, "c"));
        get(node().limits().release(key, "a"));
        assertTrue(acquire(key, "c", 2));
        get(node().limits().release(key, "b"));
        get(node().limits().release(key, "c"));
        assertEquals(0, get(node().limits().held(key)));
        assertFalse(node().limits().heldHere().containsKey(key), "a limit without holders is none");
    }

    @Test
    void withoutALimitSlotsAreCounted() {
        Key key = Key.address(address("203.0.113.9"));
        for (int i = 0; i < 5; i++) {
            assertTrue(acquire(key, "n" + i, 0));
        }
        assertEquals(5, get(node().limits().held(key)));
        for (int i = 0; i < 5; i++) {
            get(node().limits().release(key, "n" + i));
        }
    }

    @Test
    void aBanHoldsForAllAddressesOfABlock() {
        InetAddress one = address("2001:db8:0:7::1");
        InetAddress neighbour = address("2001:db8:0:7:ffff::2");
        InetAddress stranger = address("2001:db8:0:8::1");
        get(node().bans().ban(one, LONG, "why"));
        eventually(() -> node().bans().find(neighbour).isPresent());
        Ban ban = node().bans().find(neighbour).orElseThrow();
        assertEquals("2001:db8:0:7::/64", ban.block());
        assertEquals("why", ban.reason());
        assertEquals(Optional.empty(), node().bans().find(stranger));
        assertTrue(get(node().bans().unban(neighbour)));
        eventually(() -> node().bans().find(one).isEmpty());
        assertFalse(get(node().bans().unban(one)));
    }

    @Test
    void bansAreListedInOrderUpToTheLimit() {
        for (int i = 3; i > 0; i--) {
            get(node().bans().ban(address("198.51.100." + i), LONG, "r" + i));
        }
        eventually(() -> node().bans().count() == 3);
        assertEquals(
                List.of("198.51.100.1", "198.51.100.2"),
                node().bans().list(2).stream().map(Ban::block).toList());
        for (int i = 1; i <= 3; i++) {
            get(node().bans().unban(address("198.51.100." + i)));
        }
        eventually(() -> node().bans().count() == 0);
    }

    @Test
    void wrongPasswordsOfABlockBanItTogether() {
        InetAddress one = address("2001:db8:0:9::1");
        InetAddress neighbour = address("2001:db8:0:9::2");
        assertEquals(Optional.empty(), get(node().bans().loginFailed(one, 2, LONG, LONG, "alice")));
        Optional<Ban> made = get(node().bans().loginFailed(neighbour, 2, LONG, LONG, "alice, bob"));
        assertEquals("2001:db8:0:9::/64", made.orElseThrow().block());
        assertTrue(made.orElseThrow().reason().contains("alice, bob"), made.toString());
        eventually(() -> node().bans().find(one).isPresent());
        get(node().bans().unban(one));
        eventually(() -> node().bans().count() == 0);
    }

    private int lease(String session, InetAddress client) {
        return get(node().passivePool().lease(node().holder(session), client)).orElseThrow();
    }

    @Test
    void aLeaseIsTakenOnceAndByItsAddressOnly() {
        InetAddress client = address("203.0.113.1");
        int port = lease("s1", client);
        assertTrue(ports().contains(port));
        assertEquals(Optional.empty(), get(node().passivePool().take(port, address("203.0.113.2"))));
        assertEquals(Optional.of("s1"), get(node().passivePool().take(port, client)));
        assertEquals(Optional.empty(), get(node().passivePool().take(port, client)));
        assertEquals(0, node().passivePool().leased());
    }

    @Test
    void anAddressGetsEachPortOnce() {
        InetAddress client = address("203.0.113.3");
        Set<Integer> leased = new HashSet<>();
        for (int i = 0; i < ports().size(); i++) {
            leased.add(lease("s" + i, client));
        }
        assertEquals(ports(), leased);
        assertEquals(OptionalInt.empty(), get(node().passivePool().lease(node().holder("more"), client)));
        InetAddress other = address("203.0.113.4");
        int port = lease("other", other);
        assertEquals(ports(), node().passivePool().leasedAmong(ports()));
        assertEquals(ports().size() + 1, node().passivePool().leased());
        assertEquals(1, node().passivePool().list(1).size());
        assertTrue(node().passivePool().list(100).contains(new Lease(port, other.getHostAddress(), "other")));
        get(node().passivePool().release("s0", port, other));
        assertEquals(
                Optional.of("other"), get(node().passivePool().take(port, other)), "only its session gives it back");
        for (int i = 0; i < ports().size(); i++) {
            get(node().passivePool().releaseAll("s" + i, client));
        }
        assertEquals(0, node().passivePool().leased());
    }

    @Test
    void aPortIsLeasedAgainUnlessAnotherSessionHasIt() {
        InetAddress client = address("203.0.113.5");
        int port = lease("s1", client);
        assertEquals(Optional.of("s1"), get(node().passivePool().take(port, client)));
        assertTrue(get(node().passivePool().leaseAgain(node().holder("s1"), port, client)));
        assertFalse(get(node().passivePool().leaseAgain(node().holder("s2"), port, client)));
        assertTrue(
                get(node().passivePool().leaseAgain(node().holder("s2"), port, address("203.0.113.6"))),
                "another address is not concerned");
        assertEquals(Optional.of("s1"), get(node().passivePool().take(port, client)));
        get(node().passivePool().release("s2", port, address("203.0.113.6")));
        assertEquals(0, node().passivePool().leased());
    }

    @Test
    void aFileHasOneWriter() {
        assertTrue(get(node().uploadLocks().lock("store/d/f", node().holder("s1"))));
        assertTrue(get(node().uploadLocks().lock("store/d/f", node().holder("s1"))), "a session may ask again");
        assertFalse(get(node().uploadLocks().lock("store/d/f", node().holder("s2"))));
        assertTrue(node().uploadLocks().isAnyBelow("store/d"));
        assertTrue(node().uploadLocks().isAnyBelow("store"));
        assertFalse(node().uploadLocks().isAnyBelow("store/d/f"), "a file is not below itself");
        assertFalse(node().uploadLocks().isAnyBelow("store/dd"));
        get(node().uploadLocks().unlock("store/d/f", "s2"));
        assertEquals(1, node().uploadLocks().held(), "only its session unlocks it");
        get(node().uploadLocks().unlock("store/d/f", "s1"));
        assertEquals(0, node().uploadLocks().held());
    }

    @Test
    void aValueIsReplacedByWhoHasSeenItsLastVersion() {
        byte[] first = {1, 2, 3};
        byte[] second = {4};
        assertEquals(Optional.empty(), get(node().vault().find("contract")));
        assertTrue(get(node().vault().replace("contract", Vault.ABSENT, first)));
        assertFalse(get(node().vault().replace("contract", Vault.ABSENT, second)), "it is not absent any more");
        Vault.Entry found = get(node().vault().find("contract")).orElseThrow();
        assertArrayEquals(first, found.content());
        assertTrue(found.current());
        assertFalse(found.toString().contains("1, 2"));
        assertTrue(get(node().vault().replace("contract", found.version(), second)));
        assertFalse(get(node().vault().replace("contract", found.version(), first)), "another one was faster");
        assertFalse(get(node().vault().removeUnreadable("contract")));
        assertArrayEquals(
                second, get(node().vault().find("contract")).orElseThrow().content());
    }

    @Test
    void aClaimFencesTheFormerIncarnation() {
        String id = "0-contract";
        assertEquals(Optional.empty(), get(node().sessions().claim(id)));
        assertTrue(get(node().sessions().save(node().holder(id), 1, state(1))));
        assertEquals(
                Optional.of(new SessionRecord(id, 2, node().name(), state(1))),
                get(node().sessions().claim(id)));
        assertFalse(get(node().sessions().save(node().holder(id), 1, state(2))), "an older incarnation cannot write");
        assertTrue(get(node().sessions().save(node().holder(id), 2, state(3))));
        get(node().sessions().remove(id, 1));
        assertEquals(1, node().sessions().size(), "an older incarnation cannot remove it");
        get(node().sessions().remove(id, 2));
        assertEquals(0, node().sessions().size());
    }

    @Test
    void recordsAreListedUpToTheLimit() {
        for (int i = 0; i < 3; i++) {
            assertTrue(get(node().sessions().save(node().holder("0-list" + i), 1, state(i))));
        }
        assertEquals(2, get(node().sessions().list(2)).size());
        assertEquals(3, get(node().sessions().list(100)).size());
        for (int i = 0; i < 3; i++) {
            get(node().sessions().remove("0-list" + i, 1));
        }
    }

    @Test
    void accountsAreListedByPagesInOrder() {
        for (String name : List.of("contract-b", "contract-a", "contract-c")) {
            assertTrue(get(node().users().add(User.create(name, "", "h"))));
        }
        assertFalse(get(node().users().add(User.create("contract-a", "", "other"))), "the name is taken");
        assertEquals("h", get(node().users().find("contract-a")).orElseThrow().home());
        assertEquals(
                List.of("contract-b", "contract-c"),
                get(node().users().list("contract-a", 2)).stream()
                        .map(User::name)
                        .toList());
        for (String name : List.of("contract-a", "contract-b", "contract-c")) {
            assertTrue(get(node().users().remove(name)));
        }
        assertFalse(get(node().users().remove("contract-a")));
        assertEquals(Optional.empty(), get(node().users().find("contract-a")));
    }
}
