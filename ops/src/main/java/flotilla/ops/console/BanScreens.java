package flotilla.ops.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The pages about bans. */
final class BanScreens {
    private static final String SECTION = "bans";
    private static final String PAGE = "100";

    private final Desk desk;

    BanScreens(Desk desk) {
        this.desk = desk;
    }

    List<Screen> all() {
        return List.of(
                Screen.get(SECTION, Role.VIEWER, this::list),
                Screen.post(SECTION, Role.OPERATOR, this::add),
                Screen.post("bans/lift", Role.OPERATOR, this::lift));
    }

    private CompletionStage<Page> list(Guest guest) {
        String cursor = guest.query("cursor");
        return desk.call(guest, "GET", List.of(SECTION), Map.of("limit", PAGE, "cursor", cursor), "")
                .thenApply(reply -> {
                    if (!reply.isGood()) {
                        return desk.failure(guest, reply.status(), reply.message());
                    }
                    List<BanRow> rows = new ArrayList<>();
                    for (JsonNode ban : reply.json().path(SECTION)) {
                        rows.add(BanRow.of(ban));
                    }
                    return desk.page(
                            200,
                            "bans.jte",
                            desk.shell(guest, "Bans", SECTION, ""),
                            Map.of(
                                    "rows",
                                    rows,
                                    "total",
                                    reply.json().path("total").asInt(),
                                    "next",
                                    reply.json().path("next").asText(""),
                                    "may",
                                    guest.may(Role.OPERATOR)));
                });
    }

    private CompletionStage<Page> add(Guest guest) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("address", guest.form().text("address"))
                .put("for", guest.form().text("for"));
        if (!guest.form().text("reason").isEmpty()) {
            body.put("reason", guest.form().text("reason"));
        }
        return desk.call(guest, "POST", List.of(SECTION), Map.of(), body.toString())
                .thenApply(reply -> desk.done(guest, reply, "/console/bans?notice=banned"));
    }

    private CompletionStage<Page> lift(Guest guest) {
        return desk.call(guest, "DELETE", List.of(SECTION, guest.form().text("address")), Map.of(), "")
                .thenApply(reply -> desk.done(guest, reply, "/console/bans?notice=lifted"));
    }
}
