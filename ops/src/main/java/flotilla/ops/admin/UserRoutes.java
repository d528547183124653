package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Effective;
import flotilla.cluster.Group;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.password.PasswordHash;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.node.RecountAnswer;
import flotilla.node.Recounts;
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
    private final Recounts recounts;
    private final Supplier<PasswordPolicy> policy;
    private final HomeCheck homes;

    UserRoutes(UserDirectory users, Recounts recounts, Supplier<PasswordPolicy> policy, HomeCheck homes) {
        this.homes = homes;
        this.policy = policy;
        this.users = users;
        this.recounts = recounts;
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
                        Route.change("PUT", "users/*", FIELDS, "user-set", Call::name, this::set),
                        Route.change("DELETE", "users/*", Set.of(), "user-remove", Call::name, this::remove),
                        // Clients repeat it until the home is counted, and it changes no account, so the audit log has
                        // no line of it.
                        Route.change("POST", "users/*/recount", Set.of(), "", Call::name, this::recount))
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
        return existing(call.name()).thenApply(user -> UserJson.write(user, Json.object()));
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

    private static ApiException missing(String name) {
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
                        throw new ApiException(409, "taken", "user " + user.name() + " exists already");
                    }
                    return Json.object().put("name", user.name());
                });
    }

    private CompletionStage<JsonNode> set(Call call) {
        return existing(call.name()).thenCompose(before -> {
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
                        json.set(Requests.CHANGED, Json.texts(AccountChanges.between(before, whole)));
                        return users.put(whole).thenApply(done -> json);
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
        return users.remove(call.name()).thenApply(removed -> {
            if (!removed) {
                throw missing(call.name());
            }
            return Json.object().put("name", call.name());
        });
    }

    private CompletionStage<JsonNode> recount(Call call) {
        Optional<RecountAnswer> answer = recounts.ask(call.name());
        ObjectNode json = Json.object().put("name", call.name());
        return CompletableFuture.completedFuture(
                answer.isEmpty() ? json.put("state", "counting") : told(answer.get(), json));
    }

    private static JsonNode told(RecountAnswer answer, ObjectNode json) {
        String name = json.path("name").asText();
        if (answer instanceof RecountAnswer.Counted counted) {
            json.put("state", "counted");
            json.set("before", usage(counted.before()));
            json.set("after", usage(counted.after()));
            json.set("difference", usage(counted.difference()));
            return json;
        }
        if (answer instanceof RecountAnswer.NoQuota) {
            return json.put("state", "no-quota");
        }
        if (answer instanceof RecountAnswer.NoUser) {
            throw missing(name);
        }
        if (answer instanceof RecountAnswer.Busy) {
            throw new ApiException(
                    409,
                    "busy",
                    "Files of " + name
                            + " were stored or removed each time while they were counted. Nothing is changed:"
                            + " try again when fewer uploads end.");
        }
        if (answer instanceof RecountAnswer.Full) {
            throw new ApiException(
                    503,
                    "busy",
                    "As many counts as flotilla.quota.recount-queue allows are under way. Nothing is changed: try again later.");
        }
        String why = answer instanceof RecountAnswer.Failed failed ? failed.why() : "";
        throw new ApiException(500, "failed", "The home of " + name + " was not counted, nothing is changed: " + why);
    }

    private static ObjectNode usage(Usage usage) {
        return Json.object().put("bytes", usage.bytes()).put("files", usage.files());
    }
}
