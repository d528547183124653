package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Effective;
import flotilla.cluster.Group;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.password.PasswordHash;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.ops.account.AccountChanges;
import flotilla.ops.account.AccountName;
import flotilla.ops.account.EffectiveText;
import flotilla.ops.account.UserJson;
import flotilla.ops.config.HomeCheck;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes about accounts. All of them need the role administrator. */
final class UserRoutes {
    private static final String PASSWORD = "password";
    private static final Set<String> FIELDS = Stream.concat(
                    Arrays.stream(User.class.getRecordComponents()).map(RecordComponent::getName), Stream.of(PASSWORD))
            .collect(Collectors.toSet());

    private final UserDirectory users;
    private final Supplier<PasswordPolicy> policy;
    private final HomeCheck homes;

    UserRoutes(UserDirectory users, Supplier<PasswordPolicy> policy, HomeCheck homes) {
        this.homes = homes;
        this.policy = policy;
        this.users = users;
    }

    List<Route> routes() {
        return List.of(
                        Route.get("users", Set.of("after", "limit"), this::list),
                        Route.get("users/*", Set.of(), this::find),
                        Route.get("users/*/effective", Set.of(), this::effective),
                        Route.change(
                                "POST",
                                "users",
                                FIELDS,
                                "user-add",
                                call -> call.body().optional("name").orElse(""),
                                this::add),
                        Route.change("PUT", "users/*", FIELDS, "user-set", Call::name, this::set)
                                .heeding(),
                        Route.change("DELETE", "users/*", Set.of(), "user-remove", Call::name, this::remove)
                                .heeding())
                .stream()
                .map(route -> route.needing(Role.ADMINISTRATOR))
                .toList();
    }

    /**
     * Returns the routes for commands on this machine only. They show the hashes of passwords, which who may read the
     * server's files can read anyway.
     */
    List<Route> forCommands() {
        return List.of(Route.change(
                        "GET",
                        "export/users",
                        Set.of("after", "limit"),
                        "user-export",
                        call -> "all",
                        call -> page(call, UserJson::writeWhole))
                .needing(Role.ADMINISTRATOR));
    }

    private CompletionStage<JsonNode> list(Call call) {
        return page(call, UserJson::write);
    }

    private CompletionStage<JsonNode> page(Call call, BiConsumer<User, ObjectNode> writer) {
        int limit = call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE);
        return users.list(call.text("after"), limit).thenApply(page -> {
            ObjectNode json = Json.object();
            ArrayNode array = json.putArray("users");
            page.forEach(user -> writer.accept(user, array.addObject()));
            return json;
        });
    }

    private CompletionStage<JsonNode> find(Call call) {
        return existing(call.name()).thenApply(user -> {
            call.details().version(tag(user));
            return shown(user);
        });
    }

    private static ObjectNode shown(User user) {
        return UserJson.write(user, Json.object());
    }

    /** Returns the entity tag of an account. It changes with the password, too, which no answer shows. */
    private static String tag(User user) {
        return Conditions.tag(UserJson.writeWhole(user, Json.object()));
    }

    private CompletionStage<User> existing(String name) {
        return users.stored(name).thenApply(found -> found.orElseThrow(() -> missing(name)));
    }

    private CompletionStage<JsonNode> effective(Call call) {
        return existing(call.name()).thenCompose(user -> groupOf(user).thenApply(group -> {
            ObjectNode json = UserJson.write(Effective.account(user, group), Json.object());
            ObjectNode from = json.putObject("from");
            Effective.sources(user, group)
                    .forEach((setting, source) -> from.put(setting, EffectiveText.of(source, user.group())));
            return json;
        }));
    }

    private CompletionStage<Optional<Group>> groupOf(User user) {
        return user.group().isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : users.groups().find(user.group());
    }

    /** Refuses an account that nobody could use, unless its group was missing before. */
    private CompletionStage<User> inGroup(User user, String before) {
        return groupOf(user).thenApply(group -> {
            if (!user.group().isEmpty() && group.isEmpty() && !user.group().equals(before)) {
                throw ApiException.badRequest("no such group: " + user.group());
            }
            return user;
        });
    }

    static ApiException missing(String name) {
        return ApiException.notFound("no such user: " + name);
    }

    private CompletionStage<JsonNode> add(Call call) {
        Optional<String> password = call.body().optional(PASSWORD);
        User user = UserJson.read(call.body(), "");
        try {
            AccountName.check(user.name());
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
        checkPlaces(user, Optional.empty());
        return hashed(call, user, password)
                .thenCompose(whole -> inGroup(whole, ""))
                .thenCompose(users::add)
                .thenApply(added -> {
                    if (!added) {
                        throw call.conditions().onlyNew()
                                ? Conditions.overtaken()
                                : new ApiException(409, "taken", "user " + user.name() + " exists already");
                    }
                    call.details().after(shown(user));
                    return Json.object().put("name", user.name());
                });
    }

    /** With {@code If-None-Match: *} it adds the account, and otherwise it changes one. */
    private CompletionStage<JsonNode> set(Call call) {
        return users.stored(call.name()).thenCompose(found -> {
            call.conditions().check(found.map(UserRoutes::tag));
            if (found.isEmpty() && call.conditions().onlyNew()) {
                if (!call.body().text("name").equals(call.name())) {
                    throw ApiException.badRequest("name must be " + call.name() + ", as in the path");
                }
                return add(call);
            }
            User before = found.orElseThrow(() -> missing(call.name()));
            Optional<String> password = call.body().optional(PASSWORD);
            User user = changed(call, before);
            if (!user.name().equals(before.name())) {
                throw ApiException.badRequest("name must be " + before.name() + ": an account keeps its name");
            }
            checkPlaces(user, Optional.of(before));
            ObjectNode json = Json.object().put("name", user.name());
            return hashed(call, user, password)
                    .thenCompose(whole -> inGroup(whole, before.group()))
                    .thenCompose(whole -> {
                        List<String> changed = AccountChanges.between(before, whole);
                        json.set(Requests.CHANGED, Json.texts(changed));
                        call.details().before(shown(before));
                        call.details().after(shown(whole));
                        return store(call, before, whole).thenApply(done -> json);
                    });
        });
    }

    /** Refuses places that cannot be meant, as the command line does. What an account had before stays as it is. */
    private void checkPlaces(User user, Optional<User> before) {
        try {
            if (before.filter(old -> old.home().equals(user.home())).isEmpty()) {
                homes.note(user.home());
            }
            if (before.filter(old -> old.mounts().equals(user.mounts())).isEmpty()) {
                homes.notes(user.mounts());
            }
        } catch (IllegalStateException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()).replaceFirst("^--", ""));
        }
    }

    /** Stores a changed account. A caller with conditions gets status 412 when another change came between. */
    private CompletionStage<Void> store(Call call, User before, User after) {
        return call.conditions().isEmpty()
                ? users.put(after)
                : users.replace(before, Optional.of(after)).thenAccept(UserRoutes::requireFirst);
    }

    private static void requireFirst(boolean first) {
        if (!first) {
            throw Conditions.overtaken();
        }
    }

    /** Returns the account with the hash of a plain password. Hashing takes long, so it is done elsewhere. */
    private CompletionStage<User> hashed(Call call, User user, Optional<String> password) {
        if (password.isEmpty()) {
            return CompletableFuture.completedFuture(user);
        }
        if (call.body().optional("passwordHash").filter(hash -> !hash.isEmpty()).isPresent()) {
            throw ApiException.badRequest("password and passwordHash: only one of them may be given");
        }
        policy.get().problem(user.name(), password.get()).ifPresent(problem -> {
            throw new ApiException(400, "weak-password", problem);
        });
        return CompletableFuture.supplyAsync(() -> PasswordHash.encode(password.get()))
                .thenApply(hash -> user.change().passwordHash(hash).make());
    }

    /** A client of an older release knows neither groups nor mounts, and must not take them away. */
    private static User changed(Call call, User before) {
        User read = UserJson.read(call.body(), before.passwordHash());
        User user = UserJson.hasMounts(call.body())
                ? read
                : read.change().mounts(before.mounts()).make();
        return call.body().optional("group").isPresent()
                ? user
                : user.change().group(before.group()).make();
    }

    private CompletionStage<JsonNode> remove(Call call) {
        return users.stored(call.name()).thenCompose(found -> {
            call.conditions().check(found.map(UserRoutes::tag));
            User before = found.orElseThrow(() -> missing(call.name()));
            CompletionStage<Boolean> removal =
                    call.conditions().isEmpty() ? users.remove(call.name()) : users.replace(before, Optional.empty());
            return removal.thenApply(removed -> {
                if (!removed) {
                    throw call.conditions().isEmpty() ? missing(call.name()) : Conditions.overtaken();
                }
                call.details().before(shown(before));
                return Json.object().put("name", call.name());
            });
        });
    }
}
