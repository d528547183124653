package flotilla.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.LeaseTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests nodes of two clusters at one place, with a clock that the test sets. */
class LeaseKeeperTest {
    private static final List<String> A = List.of("a@10.0.0.1:1");
    private static final List<String> AB = List.of("a@10.0.0.1:1", "b@10.0.0.2:1");
    private static final List<String> X = List.of("x@10.0.0.9:1");

    private long now;
    private final MemoryLease place = new MemoryLease(true);

    private LeaseKeeper keeper() {
        return new LeaseKeeper(place, LeaseTimes.USUAL, () -> now);
    }

    private void after(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    private ClusterLease lease() throws IOException {
        return place.read().orElseThrow();
    }

    @Test
    void ofTwoThatFormAtOnceOneIsRefusedWhenItSeesTheOtherRenew() throws IOException {
        LeaseKeeper one = keeper();
        LeaseKeeper two = keeper();
        assertEquals(LeaseRule.FREE, one.look("one"));
        assertEquals(LeaseRule.FREE, two.look("two"));
        assertTrue(one.take("one", A));
        assertFalse(two.take("two", X));
        assertEquals(LeaseRule.WATCHED, two.look("two"));
        after(3);
        assertEquals(LeaseRule.OWN, one.tend("one", A));
        assertEquals(LeaseRule.ANOTHERS, two.look("two"));
        assertTrue(two.sentence().contains("its members: a at 10.0.0.1:1"), two.sentence());
    }

    @Test
    void aClusterThatHasDiedIsFollowedByOneOfTwo() throws IOException {
        LeaseKeeper dead = keeper();
        dead.tend("dead", A);
        LeaseKeeper one = keeper();
        LeaseKeeper two = keeper();
        assertEquals(LeaseRule.WATCHED, one.look("one"));
        assertEquals(LeaseRule.WATCHED, two.look("two"));
        after(9);
        assertEquals(LeaseRule.WATCHED, one.look("one"));
        after(1);
        assertEquals(LeaseRule.FREE, one.look("one"));
        assertEquals(LeaseRule.FREE, two.look("two"));
        assertTrue(one.take("one", A));
        assertFalse(two.take("two", X));
        assertEquals(LeaseRule.ANOTHERS, two.look("two"));
        assertEquals("one", lease().clusterId());
    }

    @Test
    void whenTheMemberThatRenewsHangsAnotherOneRenewsBeforeItIsLate() throws IOException {
        LeaseKeeper first = keeper();
        LeaseKeeper second = keeper();
        LeaseKeeper stranger = keeper();
        for (int i = 0; i < 5; i++) {
            first.tend("id", AB);
            second.tend("id", AB);
            after(3);
        }
        assertEquals(5, lease().renewals(), "one of them renews");
        stranger.look("strange");
        second.tend("id", AB);
        assertEquals(6, lease().renewals());
        assertEquals(LeaseRule.ANOTHERS, stranger.look("strange"));
    }

    @Test
    void theLastMemberThatLeavesGivesThePlaceBackAlsoWhenAllLeaveAtOnce() throws IOException {
        LeaseKeeper first = keeper();
        LeaseKeeper second = keeper();
        LeaseKeeper next = keeper();
        first.tend("id", AB);
        second.tend("id", AB);
        next.look("next");
        first.release("id", "a");
        assertEquals(LeaseRule.WATCHED, next.look("next"), "who leaves renews nothing");
        assertEquals(List.of("b@10.0.0.2:1"), lease().members());
        second.release("id", "b");
        assertEquals(LeaseRule.FREE, next.look("next"));
    }

    @Test
    void whoLeavesTouchesNoOtherClustersLease() throws IOException {
        keeper().tend("id", A);
        keeper().release("other", "a");
        assertEquals("id", lease().clusterId());
    }

    @Test
    void aLeaseThatIsGoneIsMadeAgainAndAWrongOneGoesWhenItsClusterHasEnded() throws IOException {
        LeaseKeeper member = keeper();
        member.tend("id", A);
        place.remove(lease());
        after(3);
        member.tend("id", A);
        assertEquals("id", lease().clusterId());
        place.remove(lease());
        keeper().tend("wrong", X);
        after(3);
        assertEquals(LeaseRule.ANOTHERS, member.tend("id", A));
        after(10);
        assertEquals(LeaseRule.OWN, member.tend("id", A));
        assertEquals("id", lease().clusterId());
    }

    @Test
    void aPlaceThatFailsIsNoClustersUntilItAnswers() throws IOException {
        LeaseKeeper member = keeper();
        member.tend("id", A);
        place.fails(true);
        assertThrows(IOException.class, () -> member.tend("id", A));
        after(600);
        place.fails(false);
        assertEquals(LeaseRule.OWN, member.tend("id", A));
        assertEquals(2, lease().renewals());
    }

    @Test
    void whatDoesNotAnswerKeepsANodeFromFormingAClusterOnlyWhereItIsNeeded() throws InterruptedException {
        MemoryLease database = new MemoryLease(true);
        MemoryLease storage = new MemoryLease(false);
        try (ClusterLeases leases =
                new ClusterLeases("a", "10.0.0.1:1", LeaseTimes.USUAL, List.of(database, storage))) {
            storage.fails(true);
            database.fails(true);
            assertEquals(ClusterLeases.State.UNCLEAR, leases.claim().state());
            database.fails(false);
            assertEquals(ClusterLeases.State.MINE, leases.claim().state());
            storage.fails(false);
            leases.adopt("agreed");
            assertEquals(Optional.empty(), leases.another(storage));
            assertEquals("agreed", leases.candidate());
        }
    }

    @Test
    void membersThatDoNotFitAreLeftOutAndTheirPlaceIsKept() {
        List<String> many = java.util.stream.IntStream.range(0, 500)
                .mapToObj(i -> "node-" + i + "@10.0.0.1:7355")
                .toList();
        ClusterLease lease = new ClusterLease("id", "name", many, 1);
        assertTrue(lease.text().length() <= ClusterLease.MAX_TEXT);
        List<String> kept = ClusterLease.members(lease.text());
        ClusterLease read = new ClusterLease("id", "name", kept, 1);
        assertEquals(lease.text(), read.text());
        for (int i = 0; i < 500; i++) {
            read = read.without("node-" + i);
        }
        assertFalse(read.members().isEmpty(), "somebody may be left");
        assertTrue(lease.cluster().length() < 400, lease.cluster());
    }
}
