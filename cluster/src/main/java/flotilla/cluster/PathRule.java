package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.Set;

/**
 * What a user may do at {@code prefix} and below it; the longest matching prefix decides alone.
 *
 * @param prefix absolute virtual path without trailing slash, or {@code /}
 */
public record PathRule(@Tag(1) String prefix, @Tag(2) Set<Permission> permissions) {
    public PathRule {
        permissions = Set.copyOf(permissions);
    }
}
