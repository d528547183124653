package flotilla.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.Group;
import flotilla.cluster.Groups.Removal;
import flotilla.ops.account.GroupStore;
import flotilla.ops.account.UserJson;
import flotilla.ops.client.AdminClient.Refused;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The groups of a running server. */
record RemoteGroups(AdminClient server) implements GroupStore {
    @Override
    public Optional<Group> find(String name) {
        if (name.isEmpty()) {
            return Optional.empty(); // an empty name would give the path of all groups
        }
        return RemoteStore.asked(
                () -> Optional.of(group(server.ask("GET", path(name)))), Refused.NOT_FOUND, Optional.empty());
    }

    @Override
    public boolean add(Group group) {
        return RemoteStore.asked(() -> server.ask("POST", "groups", json(group)).isObject(), Refused.CONFLICT, false);
    }

    @Override
    public boolean set(Group group) {
        return RemoteStore.asked(
                () -> server.ask("PUT", path(group.name()), json(group)).isObject(), Refused.NOT_FOUND, false);
    }

    @Override
    public Removal remove(String name, boolean force) {
        if (name.isEmpty()) {
            return Removal.MISSING;
        }
        try {
            server.ask("DELETE", path(name), AdminClient.object().put("force", force));
            return Removal.REMOVED;
        } catch (Refused refused) {
            return switch (refused.status()) {
                case Refused.NOT_FOUND -> Removal.MISSING;
                case Refused.CONFLICT -> Removal.HAS_MEMBERS;
                default -> throw new IllegalStateException(refused.getMessage(), refused);
            };
        }
    }

    @Override
    public List<Group> list(String after, int limit) {
        String path = "groups?limit=" + limit + "&after=" + AdminClient.encoded(after);
        JsonNode page = RemoteStore.asked(() -> server.ask("GET", path), 0, AdminClient.object());
        List<Group> groups = new ArrayList<>();
        page.path("groups").forEach(json -> groups.add(group(json)));
        return groups;
    }

    private static String path(String name) {
        return "groups/" + AdminClient.encoded(name);
    }

    private static JsonNode json(Group group) {
        return UserJson.write(group, AdminClient.object());
    }

    private static Group group(JsonNode json) {
        try {
            return UserJson.readGroup(JsonObject.of(json, "a group"));
        } catch (JsonException e) {
            throw new IllegalStateException("the running server is of another version: " + e.getMessage(), e);
        }
    }
}
