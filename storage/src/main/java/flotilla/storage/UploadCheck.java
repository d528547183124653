package flotilla.storage;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a backend answers before an upload begins.
 *
 * @param lockName {@link StorageBackend#lockName} of the file
 * @param start where the upload would begin
 * @param existing the committed file, if there is one
 * @param part bytes of the part that a broken upload left, if there is one
 */
public record UploadCheck(String lockName, UploadStart start, Optional<Entry> existing, OptionalLong part) {
    /** Whether {@link StorageBackend#beginReplacing} has something to do before a whole file is sent. */
    public boolean isReplacing() {
        return existing.isPresent() || part.isPresent();
    }
}
