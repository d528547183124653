package flotilla.ops.config;

import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;

/** The keys of {@code flotilla.protocol} that say what clients see. */
final class ProtocolKeys {
    private final Keys keys;

    ProtocolKeys(Keys keys) {
        this.keys = keys;
    }

    /** Returns the name of the file that CWD shows; empty for none. */
    String directoryMessage() {
        String key = "flotilla.protocol.directory-message";
        String name = keys.text(key);
        try {
            boolean whole = VirtualPath.ROOT.resolve(name).name().equals(name);
            if (!whole) {
                keys.note(key, "must be the name of a file without a directory, such as .message, not " + name);
            }
        } catch (StorageException e) {
            keys.note(key, "cannot be the name of a file: " + name);
        }
        return name;
    }
}
