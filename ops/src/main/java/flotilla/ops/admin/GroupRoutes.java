package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Group;
import flotilla.cluster.Groups;
import flotilla.cluster.Groups.Removal;
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
                        Route.change("PUT", "groups/*", UserJson.GROUP_FIELDS, "group-set", Call::name, this::set)
                                .heeding(),
                        Route.change("DELETE", "groups/*", Set.of("force"), "group-remove", Call::name, this::remove)
                                .heeding())
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
        return groups.find(call.name()).thenApply(found -> {
            Group group = found.orElseThrow(() -> missing(call.name()));
            call.details().version(tag(group));
            return shown(group);
        });
    }

    private static ObjectNode shown(Group group) {
        return UserJson.write(group, Json.object());
    }

    private static String tag(Group group) {
        return Conditions.tag(shown(group));
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
                throw call.conditions().onlyNew()
                        ? Conditions.overtaken()
                        : new ApiException(409, "taken", "group " + group.name() + " exists already");
            }
            call.details().after(shown(group));
            return Json.object().put("name", group.name());
        });
    }

    /** With {@code If-None-Match: *} it adds the group, and otherwise it changes one. */
    private CompletionStage<JsonNode> set(Call call) {
        return groups.find(call.name()).thenCompose(found -> {
            call.conditions().check(found.map(GroupRoutes::tag));
            Group group = UserJson.readGroup(call.body());
            if (found.isEmpty() && call.conditions().onlyNew() && group.name().equals(call.name())) {
                return add(call);
            }
            Group before = found.orElseThrow(() -> missing(call.name()));
            if (!group.name().equals(before.name())) {
                throw ApiException.badRequest("name must be " + before.name() + ": a group keeps its name");
            }
            ObjectNode json = Json.object().put("name", group.name());
            json.set(Requests.CHANGED, Json.texts(AccountChanges.between(before.settings(), group.settings())));
            call.details().before(shown(before));
            call.details().after(shown(group));
            return store(call, before, group).thenApply(done -> json);
        });
    }

    /** Stores a changed group. A caller with conditions gets status 412 when another change came between. */
    private CompletionStage<Void> store(Call call, Group before, Group after) {
        return call.conditions().isEmpty()
                ? groups.put(after)
                : groups.replace(before, after).thenAccept(first -> {
                    if (!first) {
                        throw Conditions.overtaken();
                    }
                });
    }

    private CompletionStage<JsonNode> remove(Call call) {
        boolean force = call.body().flagOr("force", false);
        return groups.find(call.name()).thenCompose(found -> {
            call.conditions().check(found.map(GroupRoutes::tag));
            found.ifPresent(before -> call.details().before(shown(before)));
            return (call.conditions().isEmpty() || found.isEmpty()
                            ? groups.remove(call.name(), force)
                            : groups.remove(found.get(), force))
                    .thenApply(removal -> removed(call, removal));
        });
    }

    private static JsonNode removed(Call call, Removal removal) {
        return switch (removal) {
            case REMOVED -> Json.object().put("name", call.name());
            case MISSING -> throw missing(call.name());
            case CHANGED -> throw Conditions.overtaken();
            case HAS_MEMBERS ->
                throw new ApiException(
                        409, "has-members", "accounts belong to the group " + call.name() + "; force removes it");
        };
    }
}
