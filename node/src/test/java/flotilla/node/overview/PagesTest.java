package flotilla.node.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.overview.OverviewMessage.AskUse;
import flotilla.node.overview.OverviewMessage.SlotsHere;
import flotilla.node.overview.OverviewMessage.SlotsView;
import flotilla.node.overview.SessionQuery.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Slots are shown even when no live session holds them. */
class PagesTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final TestProbe<OverviewMessage> PROBE = KIT.createTestProbe();
    private static final List<SlotsView> HELD = List.of(
            new SlotsView(true, "b", 1),
            new SlotsView(false, "10.0.0.1", 7),
            new SlotsView(true, "a", 1),
            new SlotsView(true, "leaked", 3));

    private final Pages pages =
            new Pages("node-1", address -> "named " + address, new LiveSessions(), new LiveTransfers());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static AskUse ask(int limit, Optional<SortKey> behind) {
        return new AskUse(limit, PROBE.getRef(), behind, List.of(), List.of());
    }

    @Test
    void slotsWithoutASessionAreListedByPagesMostHeldFirst() {
        List<String> names = new ArrayList<>();
        SortKey place = SortKey.START;
        for (int behind = 4; behind > 0; behind--) {
            SlotsHere here =
                    pages.use(ask(1, Optional.of(place)), () -> HELD).slots().orElseThrow();
            assertEquals(4, here.keys());
            assertEquals(behind, here.behind());
            names.add(here.page().get(0).name());
            place = here.page().get(0).key();
        }
        assertEquals(List.of("10.0.0.1", "leaked", "a", "b"), names);
        assertTrue(pages.use(ask(1, Optional.of(place)), () -> HELD)
                .slots()
                .orElseThrow()
                .page()
                .isEmpty());
    }

    @Test
    void theyAreNotLookedAtForOneWhoDoesNotAsk() {
        Supplier<List<SlotsView>> never = () -> {
            throw new AssertionError("looked");
        };
        assertTrue(pages.use(ask(1, Optional.empty()), never).slots().isEmpty());
    }
}
