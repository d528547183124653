package flotilla.storage;

import java.util.Optional;

/**
 * What a backend answers before an upload begins.
 *
 * @param lockName {@link StorageBackend#lockName} of the file
 * @param start where the upload would begin
 * @param existing the committed file, if there is one
 */
public record UploadCheck(String lockName, UploadStart start, Optional<Entry> existing) {}
