package flotilla.ops.local;

import flotilla.cluster.User;
import flotilla.ops.log.AuditLog;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Notes changes of accounts that the command line makes: who changed what of which account, never to what. */
final class AccountAudit {
    private static final String FROM = "local";
    private static final String OK = "ok";
    private static final String FAILED = "failed";

    private final AuditLog audit;

    AccountAudit(AuditLog audit) {
        this.audit = audit;
    }

    /** A step that may fail. */
    interface Step<T> {
        T perform() throws Exception;
    }

    /** Stores an account and notes it. @param before what there was of that name */
    <T> T put(String who, Optional<User> before, User after, Step<T> step) throws Exception {
        String action = before.isPresent() ? "user-set" : "user-add";
        return noted(
                who,
                action,
                after.name(),
                before.map(old -> changed(old, after)).orElse(List.of()),
                step);
    }

    <T> T remove(String who, String name, Step<T> step) throws Exception {
        return noted(who, "user-remove", name, List.of(), step);
    }

    private <T> T noted(String who, String action, String target, List<String> changed, Step<T> step) throws Exception {
        String result = FAILED;
        try {
            T value = step.perform();
            result = Boolean.FALSE.equals(value) ? "not-found" : OK;
            return value;
        } finally {
            audit.record(who, FROM, action, target, changed, result);
        }
    }

    private static List<String> changed(User before, User after) {
        return Arrays.stream(User.class.getRecordComponents())
                .filter(component -> !Objects.equals(value(component, before), value(component, after)))
                .map(component -> component.getName().equals("passwordHash") ? "password" : component.getName())
                .toList();
    }

    private static Object value(RecordComponent component, User user) {
        try {
            return Optional.ofNullable(component.getAccessor().invoke(user));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.getName(), e);
        }
    }
}
