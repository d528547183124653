package flotilla.ops.console;

import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The first page: the cluster at a glance. */
final class OverviewScreen {
    private final Desk desk;
    private final Topic topic = new Live();

    OverviewScreen(Desk desk) {
        this.desk = desk;
    }

    List<Screen> all() {
        return List.of(
                Screen.get("overview", Role.VIEWER, this::page),
                Screen.get("live/overview", Role.VIEWER, guest -> Later.of(desk.live(guest, topic))));
    }

    CompletionStage<Page> page(Guest guest) {
        return desk.overview()
                .nodes()
                .thenApply(nodes -> desk.page(
                        200,
                        "overview.jte",
                        desk.shell(guest, "Overview", "overview", "").live("/console/live/overview"),
                        Map.of("totals", Totals.of(nodes, new HashMap<>(), System.nanoTime()))));
    }

    /** All viewers share one look. Looks follow one another, so the map has one writer at a time. */
    private final class Live implements Topic {
        private final Map<String, Totals.Before> before = new HashMap<>();

        @Override
        public String name() {
            return "overview";
        }

        @Override
        public CompletionStage<Picture> look() {
            return desk.overview().nodes().thenApply(nodes -> {
                Totals totals;
                synchronized (before) {
                    before.keySet().removeIf(name -> nodes.answers().stream()
                            .noneMatch(view -> view.node().equals(name)));
                    totals = Totals.of(nodes, before, System.nanoTime());
                }
                return picture(totals);
            });
        }

        private Picture picture(Totals totals) {
            LinkedHashMap<String, String> rows = new LinkedHashMap<>();
            totals.byNode()
                    .forEach(load ->
                            rows.put("l-" + load.node(), desk.templates().part("loadRow.jte", Map.of("load", load))));
            Map<String, String> parts = Map.of(
                    "tiles", desk.templates().part("tiles.jte", Map.of("totals", totals)),
                    "failures", desk.templates().part("failures.jte", Map.of("failures", totals.failures())));
            Totals.Load all = totals.all();
            return new Picture(
                    rows,
                    parts,
                    List.of((double) all.sessions(), (double) all.transfers(), all.in(), all.out(), all.logins()));
        }
    }
}
