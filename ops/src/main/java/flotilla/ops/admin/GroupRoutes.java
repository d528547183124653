package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Group;
import flotilla.cluster.Groups;
import flotilla.ops.account.AccountChanges;
import flotilla.ops.account.AccountName;
import flotilla.ops.account.UserJson;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The routes about groups. All of them need the role administrator. */
final class GroupRoutes {
    private final Groups groups;

    GroupRoutes(Groups groups) {
        this.groups = groups;
    }

    List<Route> routes() {
        return List.of(
                        Route.get("groups", Set.of("after", "limit"), this::list),
                        Route.get("groups/*", Set.of(), this::find),
                        Route.change(
                                "POST",
                                "groups",
                                UserJson.GROUP_FIELDS,
                                "group-add",
                                call -> call.body().optional("name").orElse(""),
                                this::add),
                        Route.change("PUT", "groups/*", UserJson.GROUP_FIELDS, "group-set", Call::name, this::set),
                        Route.change("DELETE", "groups/*", Set.of("force"), "group-remove", Call::name, this::remove))
                .stream()
                .map(route -> route.needing(Role.ADMINISTRATOR))
                .toList();
    }

    private CompletionStage<JsonNode> list(Call call) {
        int limit = call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE);
        return groups.list(call.text("after"), limit).thenApply(page -> {
            ObjectNode json = Json.object();
            ArrayNode array = json.putArray("groups");
            page.forEach(group -> UserJson.write(group, array.addObject()));
            return json;
        });
    }

    private CompletionStage<JsonNode> find(Call call) {
        return existing(call.name()).thenApply(group -> UserJson.write(group, Json.object()));
    }

    private CompletionStage<Group> existing(String name) {
        return groups.find(name).thenApply(found -> found.orElseThrow(() -> missing(name)));
    }

    private static ApiException missing(String name) {
        return ApiException.notFound("no such group: " + name);
    }

    private CompletionStage<JsonNode> add(Call call) {
        Group group = UserJson.readGroup(call.body());
        try {
            AccountName.checkGroup(group.name());
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
        return groups.add(group).thenApply(added -> {
            if (!added) {
                throw new ApiException(409, "taken", "group " + group.name() + " exists already");
            }
            return Json.object().put("name", group.name());
        });
    }

    private CompletionStage<JsonNode> set(Call call) {
        return existing(call.name()).thenCompose(before -> {
            Group group = UserJson.readGroup(call.body());
            if (!group.name().equals(before.name())) {
                throw ApiException.badRequest("name must be " + before.name() + ": a group keeps its name");
            }
            ObjectNode json = Json.object().put("name", group.name());
            json.set(Requests.CHANGED, Json.texts(AccountChanges.between(before.settings(), group.settings())));
            return groups.put(group).thenApply(done -> json);
        });
    }

    private CompletionStage<JsonNode> remove(Call call) {
        boolean force = call.body().flagOr("force", false);
        return groups.remove(call.name(), force).thenApply(removal -> switch (removal) {
            case REMOVED -> Json.object().put("name", call.name());
            case MISSING -> throw missing(call.name());
            case HAS_MEMBERS ->
                throw new ApiException(
                        409, "has-members", "accounts belong to the group " + call.name() + "; force removes it");
        });
    }
}
