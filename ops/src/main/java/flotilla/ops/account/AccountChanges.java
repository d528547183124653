package flotilla.ops.account;

import flotilla.cluster.User;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Names the fields that differ between two versions of an account, for the audit log. It never shows values. */
public final class AccountChanges {
    private AccountChanges() {}

    /** Returns the names of the fields that differ. The field of the password's hash is called {@code password}. */
    public static List<String> between(User before, User after) {
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
