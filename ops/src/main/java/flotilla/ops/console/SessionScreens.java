package flotilla.ops.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.node.overview.ClusterOverview;
import flotilla.ops.admin.Cursor;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The pages about sessions. */
final class SessionScreens {
    private static final String SECTION = "sessions";

    private final Desk desk;

    SessionScreens(Desk desk) {
        this.desk = desk;
    }

    List<Screen> all() {
        return List.of(
                Screen.get("sessions", Role.VIEWER, this::list),
                Screen.get("live/sessions", Role.VIEWER, this::live),
                Screen.get("sessions/*", Role.VIEWER, this::one),
                Screen.post("sessions/*/kick", Role.OPERATOR, this::kick));
    }

    private CompletionStage<Page> list(Guest guest) {
        SessionFilter filter = SessionFilter.of(guest.visit().query());
        return desk.overview().sessions(filter.query()).thenApply(page -> {
            Shell shell = desk.shell(guest, "Sessions", SECTION, "").live("/console/live/sessions" + filter.asQuery());
            return desk.page(
                    200,
                    "sessions.jte",
                    shell,
                    Map.of(
                            "filter",
                            filter,
                            "rows",
                            page.sessions().stream().map(SessionRow::of).toList(),
                            "summary",
                            summary(page),
                            "next",
                            next(filter, page),
                            "may",
                            guest.may(Role.OPERATOR)));
        });
    }

    private static String summary(ClusterOverview.Page page) {
        return page.matched()
                + (page.matched() == 1 ? " session" : " sessions")
                + (page.incomplete().isEmpty()
                        ? ""
                        : ", without those of nodes that do not answer: " + String.join(", ", page.incomplete()));
    }

    private static String next(SessionFilter filter, ClusterOverview.Page page) {
        return page.next()
                .map(place -> "/console/sessions" + filter.at(Cursor.of(place)).asQuery())
                .orElse("");
    }

    private CompletionStage<Page> live(Guest guest) {
        SessionFilter filter = SessionFilter.of(guest.visit().query());
        return Later.of(desk.live(guest, new Sessions(filter, guest.may(Role.OPERATOR))));
    }

    /** The visible page of sessions; one for all operators who see the same one. */
    private final class Sessions implements Topic {
        private final SessionFilter filter;
        private final boolean may;

        Sessions(SessionFilter filter, boolean may) {
            this.filter = filter;
            this.may = may;
        }

        @Override
        public String name() {
            return "sessions " + may + ' ' + filter.asQuery();
        }

        @Override
        public CompletionStage<Picture> look() {
            return desk.overview().sessions(filter.query()).thenApply(page -> {
                LinkedHashMap<String, String> rows = new LinkedHashMap<>();
                page.sessions().stream()
                        .map(SessionRow::of)
                        .forEach(row -> rows.put(
                                row.key(), desk.templates().part("sessionRow.jte", Map.of("row", row, "may", may))));
                Map<String, String> parts = Map.of(
                        "summary",
                        desk.templates().part("summary.jte", Map.of("text", summary(page))),
                        "pager",
                        desk.templates().part("pager.jte", Map.of("filter", filter, "next", next(filter, page))));
                return new Picture(rows, parts, List.of());
            });
        }
    }

    private CompletionStage<Page> one(Guest guest) {
        return desk.overview().session(guest.name()).thenApply(page -> page.sessions().stream()
                .findFirst()
                .map(view -> desk.page(
                        200,
                        "session.jte",
                        desk.shell(guest, "Session " + view.id(), SECTION, ""),
                        Map.of("row", SessionRow.of(view), "may", guest.may(Role.OPERATOR))))
                .orElseGet(() -> desk.failure(guest, 404, "There is no session " + guest.name() + ".")));
    }

    private CompletionStage<Page> kick(Guest guest) {
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("reason", guest.form().text("reason"))
                .toString();
        return desk.call(guest, "POST", List.of("sessions", guest.name(), "kick"), Map.of(), body)
                .thenApply(reply -> desk.done(guest, reply, "/console/sessions?notice=kicked"));
    }
}
