package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.Set;

/**
 * The permissions of a user at {@code prefix} and below it. The longest matching prefix alone decides.
 *
 * @param prefix absolute virtual path without trailing slash, or {@code /}
 * @param permissions everything that the user may do there
 */
public record PathRule(@Tag(1) String prefix, @Tag(2) Set<Permission> permissions) {
    public PathRule {
        permissions = Set.copyOf(permissions);
    }
}
