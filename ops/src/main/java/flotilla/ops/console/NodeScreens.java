package flotilla.ops.console;

import flotilla.node.overview.ClusterOverview.Nodes;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages about nodes. */
final class NodeScreens {
    private static final String SECTION = "nodes";

    private final Desk desk;

    NodeScreens(Desk desk) {
        this.desk = desk;
    }

    List<Screen> all() {
        return List.of(
                Screen.get("nodes", Role.VIEWER, this::list),
                Screen.get("live/nodes", Role.VIEWER, this::live),
                Screen.get("nodes/*", Role.OPERATOR, this::one),
                Screen.post("nodes/*/drain", Role.OPERATOR, this::drain),
                Screen.post("nodes/*/undrain", Role.OPERATOR, this::undrain));
    }

    private CompletionStage<List<NodeRow>> rows() {
        return desk.overview().nodes().thenCompose(nodes -> {
            List<NodeRow> present = present(nodes);
            Set<String> names = present.stream().map(NodeRow::name).collect(Collectors.toSet());
            return desk.absent().rows(names).thenApply(absent -> Stream.concat(present.stream(), absent.stream())
                    .sorted(Comparator.comparing(NodeRow::name))
                    .toList());
        });
    }

    private static List<NodeRow> present(Nodes<NodeView> nodes) {
        Instant now = Instant.now();
        return Stream.concat(
                        nodes.answers().stream().map(view -> NodeRow.of(view, now)),
                        nodes.incomplete().stream().map(NodeRow::silent))
                .toList();
    }

    private CompletionStage<Page> list(Guest guest) {
        return rows().thenApply(rows -> desk.page(
                200,
                "nodes.jte",
                desk.shell(guest, "Nodes", SECTION, "").live("/console/live/nodes"),
                Map.of("rows", rows, "may", guest.may(Role.OPERATOR))));
    }

    private CompletionStage<Page> live(Guest guest) {
        return Later.of(desk.live(guest, new Live(guest.may(Role.OPERATOR))));
    }

    private final class Live implements Topic {
        private final boolean may;

        Live(boolean may) {
            this.may = may;
        }

        @Override
        public String name() {
            return "nodes " + may;
        }

        @Override
        public CompletionStage<Picture> look() {
            return rows().thenApply(all -> {
                LinkedHashMap<String, String> rows = new LinkedHashMap<>();
                all.forEach(row ->
                        rows.put(row.key(), desk.templates().part("nodeRow.jte", Map.of("row", row, "may", may))));
                return new Picture(rows, Map.of(), List.of());
            });
        }
    }

    private CompletionStage<Page> one(Guest guest) {
        return rows().thenApply(rows -> rows.stream()
                .filter(row -> row.name().equals(guest.name()))
                .findFirst()
                .map(row -> desk.page(
                        200, "node.jte", desk.shell(guest, "Node " + row.name(), SECTION, ""), Map.of("row", row)))
                .orElseGet(() -> desk.failure(guest, 404, "There is no node " + guest.name() + ".")));
    }

    private CompletionStage<Page> drain(Guest guest) {
        String then =
                switch (guest.form().text("then")) {
                    case "stay" -> "stay";
                    case "restart" -> "restart";
                    default -> "end";
                };
        return desk.call(
                        guest, "POST", List.of(SECTION, guest.name(), "drain"), Map.of(), "{\"then\":\"" + then + "\"}")
                .thenApply(reply -> desk.done(guest, reply, "/console/nodes?notice=draining"));
    }

    private CompletionStage<Page> undrain(Guest guest) {
        return desk.call(guest, "POST", List.of(SECTION, guest.name(), "undrain"), Map.of(), "")
                .thenApply(reply -> desk.done(guest, reply, "/console/nodes?notice=undrained"));
    }
}
