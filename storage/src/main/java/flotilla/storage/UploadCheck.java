package flotilla.storage;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer of a backend before an upload begins.
 *
 * @param lockName {@link StorageBackend#lockName} of the file
 * @param start where the upload would begin
 * @param existing the committed file, if there is one
 * @param part bytes of the part that a broken upload left, if there is one
 */
public record UploadCheck(String lockName, UploadStart start, Optional<Entry> existing, OptionalLong part) {
    /** Returns whether {@link StorageBackend#beginReplacing} has an effect for this file. */
    public boolean isReplacing() {
        return existing.isPresent() || part.isPresent();
    }
}
