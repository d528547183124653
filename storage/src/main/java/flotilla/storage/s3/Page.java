package flotilla.storage.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param objects objects in the order of their keys
 * @param prefixes the common prefixes, each with the slash at its end, in their order
 * @param token continues the listing; null at the end
 */
record Page(
        List<Facts> objects,
        List<String> prefixes,
        @Nullable String token) {}
