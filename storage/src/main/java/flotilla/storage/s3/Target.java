package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;

/**
 * Where an upload goes.
 *
 * @param keys the keys of the home
 * @param file its path in the home
 * @param key key of the object
 */
record Target(Keys keys, VirtualPath file, String key) {
    /**
     * Returns the target for a path.
     *
     * @throws StorageException {@code INVALID_NAME}
     */
    static Target of(Keys keys, VirtualPath file) throws StorageException {
        return new Target(keys, file, keys.file(file));
    }
}
