package flotilla.cluster.leaving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests which conditions last, with a clock that the test sets. */
class LastingTest {
    private static final Set<String> SLOW = Set.of("slow");

    private long now = Long.MAX_VALUE - 5;
    private final Lasting<String> lasting = new Lasting<>(now, 8, 2);

    private Set<String> after(int time, List<String> so) {
        now += time;
        return lasting.look(now, so);
    }

    @Test
    void whatHasBeenSoForLongLasts() {
        after(1, List.of("slow"));
        for (int i = 0; i < 7; i++) {
            assertEquals(Set.of(), after(1, List.of("slow")));
        }
        assertEquals(SLOW, after(1, List.of("slow")));
        assertEquals(Set.of(), after(1, List.of()));
    }

    @Test
    void whatComesAndGoesDoesNotLast() {
        for (int i = 0; i < 100; i++) {
            assertEquals(Set.of(), after(1, i % 2 == 0 ? List.of("slow") : List.of()));
        }
    }

    @Test
    void whatIsSoMostOfTheTimeLasts() {
        boolean lasted = false;
        for (int i = 0; i < 40; i++) {
            lasted |= !after(1, i % 4 == 0 ? List.of() : List.of("slow")).isEmpty();
        }
        assertEquals(true, lasted);
    }

    @Test
    void whoStoodStillForgetsWhatItSaw() {
        for (int i = 0; i < 8; i++) {
            after(1, List.of("slow"));
        }
        assertEquals(Set.of(), after(3, List.of("slow")));
        assertEquals(Set.of(), after(2, List.of("slow")));
    }
}
