package flotilla.ops.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.User;
import flotilla.ops.account.UserJson;
import flotilla.ops.admin.Door.Reply;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The pages about users. */
final class UserScreens {
    private static final String SECTION = "users";
    private static final int PAGE = 50;
    private static final String VERSION = "version";
    private static final int OVERTAKEN = 412;
    private static final String MEANWHILE =
            "The account was changed by somebody else. This is how it is now: make your changes again.";

    private final Desk desk;

    UserScreens(Desk desk) {
        this.desk = desk;
    }

    List<Screen> all() {
        return List.of(
                Screen.get(SECTION, Role.ADMINISTRATOR, this::list),
                Screen.post(SECTION, Role.ADMINISTRATOR, this::add),
                Screen.get(
                        "new-user", Role.ADMINISTRATOR, guest -> Later.of(form(guest, 200, UserRow.EMPTY, true, ""))),
                Screen.get("users/*", Role.ADMINISTRATOR, this::one),
                Screen.post("users/*", Role.ADMINISTRATOR, this::save));
    }

    private CompletionStage<Page> list(Guest guest) {
        Map<String, String> query = Map.of("after", guest.query("after"), "limit", String.valueOf(PAGE));
        return desk.call(guest, "GET", List.of(SECTION), query, "").thenApply(reply -> {
            if (!reply.isGood()) {
                return desk.failure(guest, reply.status(), reply.message());
            }
            List<UserRow> rows = new ArrayList<>();
            for (JsonNode user : reply.json().path(SECTION)) {
                rows.add(UserRow.of(user));
            }
            String next = rows.size() < PAGE ? "" : rows.get(PAGE - 1).name();
            return desk.page(
                    200, "users.jte", desk.shell(guest, "Users", SECTION, ""), Map.of("rows", rows, "next", next));
        });
    }

    /** Shows what the operator has typed again, with the version of the account that he began with. */
    private Page form(Guest guest, int status, UserRow row, boolean isNew, String problem) {
        return form(guest, status, row, isNew, problem, "", guest.form().text(VERSION));
    }

    private Page form(Guest guest, int status, UserRow row, boolean isNew, String problem, String use, String version) {
        String title = isNew ? "New user" : "User " + row.name();
        return desk.page(
                status,
                "user.jte",
                desk.shell(guest, title, SECTION, problem),
                Map.of("row", row, "isNew", isNew, "use", use, VERSION, version));
    }

    private CompletionStage<Reply> find(Guest guest) {
        return desk.call(guest, "GET", List.of(SECTION, guest.name()), Map.of(), "");
    }

    private CompletionStage<Page> one(Guest guest) {
        return one(guest, 200, "");
    }

    private CompletionStage<Page> one(Guest guest, int status, String problem) {
        return find(guest).thenCompose(reply -> {
            if (!reply.isGood()) {
                return Later.of(desk.failure(guest, reply.status(), reply.message()));
            }
            UserRow row = UserRow.of(reply.json());
            return use(row).thenApply(use -> form(guest, status, row, false, problem, use, reply.version()));
        });
    }

    /** Tells what the user has of his quota; empty when it is not counted. */
    private CompletionStage<String> use(UserRow row) {
        if (row.quota().isEmpty()) {
            return Later.of("");
        }
        return desk.quotas()
                .find(row.name())
                .handle((used, failure) -> failure != null || used.isEmpty()
                        ? "not counted yet"
                        : Text.bytes(used.get().bytes()) + " and " + used.get().files() + " files of " + row.quota());
    }

    private CompletionStage<Page> add(Guest guest) {
        String name = guest.form().text("name");
        String home = guest.form().text("home");
        ObjectNode json = UserJson.write(
                User.create(name, "", home.isEmpty() ? name : home), JsonNodeFactory.instance.objectNode());
        json.put("password", guest.form().text("password"));
        return written(guest, json, true, () -> desk.call(guest, "POST", List.of(SECTION), Map.of(), json.toString()));
    }

    private CompletionStage<Page> save(Guest guest) {
        return find(guest).thenCompose(reply -> {
            if (!reply.isGood() || !(reply.json() instanceof ObjectNode json)) {
                return Later.of(desk.failure(guest, reply.status(), reply.message()));
            }
            if (!guest.form().text("home").isEmpty()) {
                json.put("home", guest.form().text("home"));
            }
            if (!guest.form().text("password").isEmpty()) {
                json.put("password", guest.form().text("password"));
            }
            // what others have changed since the form was opened must not be undone by its old values
            String seen = guest.form().text(VERSION);
            String version = seen.isEmpty() ? reply.version() : seen;
            return written(
                    guest,
                    json,
                    false,
                    () -> desk.replace(guest, List.of(SECTION, guest.name()), json.toString(), version));
        });
    }

    /** Takes over the fields that are on the form, and keeps all others. */
    private CompletionStage<Page> written(
            Guest guest, ObjectNode json, boolean isNew, Supplier<CompletionStage<Reply>> write) {
        Form form = guest.form();
        json.put("group", form.text("group"));
        json.put("expires", form.text("expires"));
        for (String flag : List.of("enabled", "readOnly")) {
            json.put(flag, form.text(flag).equals("on"));
        }
        for (String number : List.of("maxSessions", "quotaBytes", "quotaFiles")) {
            if (!form.text(number).matches("[0-9]{1,18}")) {
                return Later.of(form(guest, 400, UserRow.of(json), isNew, number + " must be a number"));
            }
            json.put(number, Long.parseLong(form.text(number)));
        }
        return write.get().thenCompose(reply -> {
            if (reply.isGood()) {
                return Later.of(Answers.redirect("/console/users?notice=" + (isNew ? "added" : "saved")));
            }
            return reply.status() == OVERTAKEN
                    ? one(guest, OVERTAKEN, MEANWHILE)
                    : Later.of(form(guest, reply.status(), UserRow.of(json), isNew, reply.message()));
        });
    }
}
