package flotilla.node.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A change of files that is done and that no client has been told of yet.
 *
 * @param client text of the client's address; empty for an order from an older node
 * @param path absolute virtual path
 * @param source absolute virtual path that a rename had before, or the file of which this is a copy
 * @param places names of the files in the storage ({@link flotilla.storage.StorageBackend#lockName}), at most two:
 *     changes of the same place are told in their order. None for a directory that was made or removed
 * @param bytes size of the whole file, for an upload and a copy
 */
public record Change(
        Kind kind,
        String user,
        String session,
        String client,
        String path,
        Optional<String> source,
        List<String> places,
        OptionalLong bytes) {
    public Change {
        places = List.copyOf(places);
    }

    /** The kinds of changes. */
    public enum Kind {
        UPLOAD,
        COPY,
        DELETE,
        RENAME,
        MKDIR,
        RMDIR
    }
}
