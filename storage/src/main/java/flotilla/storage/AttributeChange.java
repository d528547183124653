package flotilla.storage;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What to change of an entry: modification time (milliseconds since 1970 UTC), permission bits (0 to 0777), or both.
 */
public record AttributeChange(OptionalLong modifiedMillis, OptionalInt mode) {
    public static AttributeChange modified(long millis) {
        return new AttributeChange(OptionalLong.of(millis), OptionalInt.empty());
    }

    public static AttributeChange mode(int mode) {
        return new AttributeChange(OptionalLong.empty(), OptionalInt.of(mode));
    }
}
