package flotilla.ops.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.User;
import flotilla.ops.account.BanStore;
import flotilla.ops.account.GroupStore;
import flotilla.ops.account.SettingStore;
import flotilla.ops.account.UserJson;
import flotilla.ops.account.UserStore;
import flotilla.ops.client.AdminClient.Refused;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The accounts of a running server. */
record RemoteStore(AdminClient server) implements UserStore {
    private static final String USERS = "users/";

    interface Question<T> {
        T ask() throws Refused;
    }

    /**
     * Sends a request.
     *
     * @return the answer; {@code otherwise} when the server answers with {@code status}
     */
    static <T> T asked(Question<T> question, int status, T otherwise) {
        try {
            return question.ask();
        } catch (Refused refused) {
            if (refused.status() == status) {
                return otherwise;
            }
            throw new IllegalStateException(refused.getMessage(), refused);
        }
    }

    @Override
    public Optional<User> find(String name) {
        if (name.isEmpty()) {
            return Optional.empty(); // an empty name would give the path of all accounts
        }
        return asked(() -> Optional.of(user(server.ask("GET", path(name)))), Refused.NOT_FOUND, Optional.empty());
    }

    @Override
    public boolean add(User user) {
        return asked(() -> done(server.ask("POST", "users", whole(user))), Refused.CONFLICT, false);
    }

    @Override
    public boolean set(User user) {
        return asked(() -> done(server.ask("PUT", path(user.name()), whole(user))), Refused.NOT_FOUND, false);
    }

    @Override
    public boolean remove(String name) {
        return !name.isEmpty() && asked(() -> done(server.ask("DELETE", path(name))), Refused.NOT_FOUND, false);
    }

    @Override
    public List<User> list(String after, int limit) {
        String path = "users?limit=" + limit + "&after=" + AdminClient.encoded(after);
        JsonNode page = asked(() -> server.ask("GET", path), 0, AdminClient.object());
        List<User> users = new ArrayList<>();
        page.path("users").forEach(json -> users.add(user(json)));
        return users;
    }

    @Override
    public GroupStore groups() {
        return new RemoteGroups(server);
    }

    @Override
    public SettingStore settings() {
        return new RemoteSettings(server);
    }

    @Override
    public BanStore bans() {
        return new RemoteBans(server);
    }

    @Override
    public List<User> export(String after, int limit) {
        String path = "export/users?limit=" + limit + "&after=" + AdminClient.encoded(after);
        JsonNode page = asked(() -> server.ask("GET", path), 0, AdminClient.object());
        List<User> users = new ArrayList<>();
        page.path("users").forEach(json -> users.add(user(json)));
        return users;
    }

    @Override
    public boolean replace(User user) {
        return asked(
                () -> done(server.ask("PUT", path(user.name()), whole(user).put("passwordHash", user.passwordHash()))),
                Refused.NOT_FOUND,
                false);
    }

    private static String path(String name) {
        return USERS + AdminClient.encoded(name);
    }

    private static ObjectNode whole(User user) {
        return UserJson.writeWhole(user, AdminClient.object());
    }

    private static boolean done(JsonNode answer) {
        return answer.isObject();
    }

    private static User user(JsonNode json) {
        try {
            return UserJson.read(JsonObject.of(json, "an account"), "");
        } catch (JsonException e) {
            throw new IllegalStateException("the running server is of another version: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {}
}
