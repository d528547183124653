package flotilla.ops.local;

import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.ops.local.LocalControl.Operation;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Accounts, as the command line asks a running server for them. */
final class AccountOperations {
    static final long DEADLINE_SECONDS = 10;

    private final UserDirectory users;
    private final AccountAudit audit;

    AccountOperations(UserDirectory users, AccountAudit audit) {
        this.users = users;
        this.audit = audit;
    }

    /** By their names. */
    Map<String, Operation> all() {
        return Map.of(
                "users/find",
                (body, caller) ->
                        UserJson.write(wait(() -> users.find(body)).stream().toList()),
                "users/put",
                this::put,
                "users/remove",
                (body, caller) -> audit.remove(caller, body, () -> wait(() -> users.remove(body)))
                        .toString(),
                "users/list",
                (body, caller) -> list(body));
    }

    private String put(String body, String caller) throws Exception {
        for (User user : UserJson.read(body)) {
            Optional<User> before = wait(() -> users.find(user.name()));
            audit.put(caller, before, user, () -> wait(() -> users.put(user)));
        }
        return "";
    }

    private String list(String body) throws Exception {
        String[] parts = body.split("\n", 2);
        if (parts.length < 2 || !parts[0].matches("[0-9]{1,6}")) {
            throw RefusedException.badRequest("the body must be a number and, on the next line, a name");
        }
        return UserJson.write(wait(() -> users.list(parts[1], Integer.parseInt(parts[0]))));
    }

    private static <T> T wait(Supplier<CompletionStage<T>> operation) throws Exception {
        return operation.get().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
