package flotilla.storage;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The attributes of an entry that change. An empty one stays as it is.
 *
 * @param modifiedMillis new modification time, milliseconds since 1970 UTC
 * @param mode new POSIX permission bits, 0 to 0777
 */
public record AttributeChange(OptionalLong modifiedMillis, OptionalInt mode) {
    /**
     * Changes only the modification time.
     *
     * @param millis milliseconds since 1970 UTC
     */
    public static AttributeChange modified(long millis) {
        return new AttributeChange(OptionalLong.of(millis), OptionalInt.empty());
    }

    /**
     * Changes only the permission bits.
     *
     * @param mode 0 to 0777
     */
    public static AttributeChange mode(int mode) {
        return new AttributeChange(OptionalLong.empty(), OptionalInt.of(mode));
    }
}
