package flotilla.cluster.leaving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the rule for every way in which up to five members can miss each other. Member 0 is the oldest. */
class VerdictTest {
    private static final List<Integer> NOBODY = List.of();
    private static final List<List<Integer>> MEMBERS =
            IntStream.range(0, 6).mapToObj(VerdictTest::members).toList();
    private static final List<Set<Integer>> SETS =
            IntStream.range(0, 1 << 5).mapToObj(VerdictTest::set).toList();

    private static Set<Integer> set(int bits) {
        return members(5).stream().filter(one -> (bits >> one & 1) == 1).collect(Collectors.toSet());
    }

    private static List<Integer> members(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static Sight<Integer> sight(int members, int joining, BiPredicate<Integer, Integer> misses) {
        List<Integer> all = members(members + joining);
        Map<Integer, Set<Integer>> deaf = new HashMap<>();
        for (int one : all) {
            Set<Integer> missed = new HashSet<>(all);
            missed.removeIf(other -> other == one || !misses.test(one, other));
            if (!missed.isEmpty()) {
                deaf.put(one, missed);
            }
        }
        return new Sight<>(all.subList(0, members), all.subList(members, members + joining), deaf);
    }

    private static int graphs(int count) {
        return 1 << (count * (count - 1));
    }

    private static boolean areMost(Sight<Integer> sight, Set<Integer> some) {
        int twice = 2 * some.size();
        int count = sight.members().size();
        return twice > count || twice == count && some.contains(0);
    }

    private static boolean missEachOther(Sight<Integer> sight, Integer one, Integer other) {
        return sight.deaf().getOrDefault(one, Set.of()).contains(other)
                || sight.deaf().getOrDefault(other, Set.of()).contains(one);
    }

    /** The members whose links one member knows: itself, and all that it hears of. */
    private static int knownBy(int self, int[] missed) {
        int known = 1 << self;
        int heard = known;
        while (heard != 0) {
            int one = Integer.numberOfTrailingZeros(heard);
            int more = ~missed[one] & (1 << missed.length) - 1 & ~known;
            known |= more;
            heard = heard & ~(1 << one) | more;
        }
        return known;
    }

    private static Sight<Integer> seenBy(int self, Sight<Integer> all) {
        int[] missed = members(all.members().size()).stream()
                .mapToInt(one -> bits(all.deaf().getOrDefault(one, Set.of())))
                .toArray();
        return sight(missed, knownBy(self, missed));
    }

    private static int bits(Set<Integer> some) {
        return some.stream().mapToInt(one -> 1 << one).sum();
    }

    private static Sight<Integer> sight(int[] missed, int known) {
        Map<Integer, Set<Integer>> deaf = new HashMap<>();
        for (int one = 0; one < missed.length; one++) {
            if ((known >> one & 1) == 1 && missed[one] != 0) {
                deaf.put(one, SETS.get(missed[one]));
            }
        }
        return new Sight<>(MEMBERS.get(missed.length), NOBODY, deaf);
    }

    private static int[] graph(int number, int count) {
        int[] missed = new int[count];
        for (int one = 0; one < count; one++) {
            int row = number >> (one * (count - 1)) & (1 << (count - 1)) - 1;
            int younger = row >> one;
            missed[one] = row & (1 << one) - 1 | younger << (one + 1);
        }
        return missed;
    }

    /**
     * Each member acts on its own knowledge. Never do all members leave, and never do two sides go on without each
     * other.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void neverDoAllGoAndNeverDoTwoSidesGoOn(int count) {
        int everybody = (1 << count) - 1;
        for (int number = 0; number < graphs(count); number++) {
            int[] missed = graph(number, count);
            Map<Integer, Verdict<Integer>> verdicts = new HashMap<>();
            int left = everybody;
            int acting = 0;
            int[] staying = new int[count];
            for (int self = 0; self < count; self++) {
                int known = knownBy(self, missed);
                Verdict<Integer> verdict = verdicts.computeIfAbsent(known, mask -> Verdict.of(sight(missed, mask)));
                staying[self] = bits(verdict.staying());
                if (verdict.keeps(self)) {
                    assertSound(missed, staying[self], bits(verdict.going()));
                    acting |= 1 << self;
                    left &= ~bits(verdict.going());
                } else if (verdict.isCutOff(sight(missed, known), self)) {
                    left &= ~(1 << self);
                }
            }
            if (left == 0 || removeEachOther(acting, staying)) {
                fail("all have left, or two sides go on: " + sight(missed, everybody));
            }
        }
    }

    /** Checks that the staying members hear each other and are a majority, and that all others leave. */
    private static void assertSound(int[] missed, int staying, int going) {
        int count = missed.length;
        int twice = 2 * Integer.bitCount(staying);
        boolean sound =
                (staying ^ going) == (1 << count) - 1 && (twice > count || twice == count && (staying & 1) == 1);
        for (int one = 0; one < count; one++) {
            sound &= (staying >> one & 1) == 0 || (missed[one] & staying) == 0;
        }
        if (!sound) {
            fail(staying + " stay and " + going + " go: " + sight(missed, (1 << count) - 1));
        }
    }

    private static boolean removeEachOther(int acting, int[] staying) {
        for (int one = 0; one < staying.length; one++) {
            for (int other = 0; other < one; other++) {
                boolean both = (acting >> one & 1) == 1 && (acting >> other & 1) == 1;
                boolean apart = (staying[one] >> other & 1) == 0 && (staying[other] >> one & 1) == 0;
                if (both && (apart || (staying[one] & staying[other]) == 0)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * A slow member misses the others, or they miss it, or both in part; the others hear each other. If two links or
     * more are broken, only the slow member leaves.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void whoIsInTroubleWithMostOthersGoesAlone(int count) {
        for (int slow = 0; slow < count; slow++) {
            int one = slow;
            for (long how = 0; how < 1L << (2 * count); how++) {
                long bits = how;
                Sight<Integer> sight = sight(
                        count,
                        0,
                        (from, to) ->
                                from == one && (bits >> to & 1) == 1 || to == one && (bits >> (count + from) & 1) == 1);
                long broken = members(count).stream()
                        .filter(other -> other != one && missEachOther(sight, one, other))
                        .count();
                Set<Integer> going = Verdict.of(sight).going();
                if (broken >= 2) {
                    assertEquals(Set.of(slow), going, sight::toString);
                } else {
                    assertEquals(broken, going.size(), sight::toString);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void everybodyWaitsWhenEverybodyMissesEverybody(int count) {
        Sight<Integer> sight = sight(count, 0, (one, other) -> true);
        Verdict<Integer> verdict = Verdict.of(sight);
        assertEquals(Set.of(), verdict.staying());
        assertEquals(Set.of(), verdict.going());
        members(count).forEach(self -> assertFalse(verdict.isCutOff(sight, self)));
    }

    @Test
    void ofASplitMostOfTheMembersGoOn() {
        for (int count = 2; count <= 5; count++) {
            for (int side = 1; side < (1 << count) - 1; side++) {
                int bits = side;
                Sight<Integer> all = sight(count, 0, (one, other) -> (bits >> one & 1) != (bits >> other & 1));
                Set<Integer> here = new HashSet<>(members(count));
                here.removeIf(one -> (bits >> one & 1) == 0);
                for (int self : all.members()) {
                    boolean most = areMost(all, here) == here.contains(self);
                    Sight<Integer> own = seenBy(self, all);
                    Verdict<Integer> verdict = Verdict.of(own);
                    assertEquals(most, verdict.keeps(self), () -> self + " of " + own);
                    boolean withOldest = here.contains(self) == here.contains(0);
                    assertEquals(!most && !withOldest, verdict.isCutOff(own, self), () -> self + " of " + own);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whoIsOnlyJoiningNeverOutweighsAMember(int joining) {
        Sight<Integer> sight = sight(1, joining, (one, other) -> one != 0);
        assertEquals(Set.of(0), Verdict.of(sight).staying());
        Sight<Integer> missed = sight(3, joining, (one, other) -> one < 3 && other == 3);
        assertEquals(Set.of(3), Verdict.of(missed).going());
    }

    @Test
    void joiningMembersThatMissEachOtherCostNoMember() {
        for (int number = 0; number < graphs(4); number++) {
            int[] missed = graph(number, 4);
            Sight<Integer> sight =
                    sight(2, 2, (one, other) -> (one > 1 || other > 1) && (missed[one] >> other & 1) == 1);
            Verdict<Integer> verdict = Verdict.of(sight);
            assertTrue(verdict.staying().containsAll(Set.of(0, 1)), () -> sight + " " + verdict);
        }
    }

    @Test
    void aJoiningMemberThatHearsNobodyIsCutOff() {
        Sight<Integer> sight = sight(2, 1, (one, other) -> one == 2);
        assertTrue(Verdict.of(sight).isCutOff(sight, 2));
        assertFalse(Verdict.of(sight).isCutOff(sight, 1));
    }

    @Test
    void onePeerThatShutsAMemberOutProvesNothing() {
        Sight<Integer> sight = sight(3, 0, (one, other) -> false);
        assertFalse(Verdict.isShutOut(sight, NOBODY));
        members(3).forEach(peer -> assertFalse(Verdict.isShutOut(sight, List.of(peer))));
        assertTrue(Verdict.isShutOut(sight, List.of(0, 1)));
    }

    @Test
    void ofTwoTheOldestOneIsRight() {
        Sight<Integer> sight = sight(2, 0, (one, other) -> false);
        assertTrue(Verdict.isShutOut(sight, List.of(0)));
        assertFalse(Verdict.isShutOut(sight, List.of(1)));
    }

    @Test
    void whoRemovedAllOthersIsShutOutByThem() {
        Sight<Integer> alone = sight(1, 0, (one, other) -> false);
        assertTrue(Verdict.isShutOut(alone, List.of(7, 8)));
        assertTrue(Verdict.isShutOut(alone, List.of(7)));
    }

    @Test
    void ofManyMembersAHandfulOfPeersProvesIt() {
        Sight<Integer> sight = sight(30, 0, (one, other) -> false);
        assertFalse(Verdict.isShutOut(sight, List.of(1, 2, 3, 4)));
        assertTrue(Verdict.isShutOut(sight, List.of(1, 2, 3, 4, 5)));
    }
}
