package flotilla.storage.local;

import flotilla.storage.ByteSink;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import flotilla.storage.local.InPlaceSink.Undo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Uploads without parts ({@link LocalOptions.Atomic#OFF}): readers see the bytes as they come, and what a failed upload
 * leaves has the final name, which is how it is resumed.
 */
final class DirectUploads {
    private final Tree tree;
    private final LocalOptions options;

    DirectUploads(Tree tree, LocalOptions options) {
        this.tree = tree;
        this.options = options;
    }

    /** Opens an upload to {@code place}, which holds a regular file or nothing. */
    ByteSink open(VirtualPath file, Place place, WriteMode mode) throws IOException, StorageException {
        OptionalLong offset =
                switch (mode.kind()) {
                    case REPLACE, CREATE_NEW -> OptionalLong.of(0);
                    case APPEND -> OptionalLong.empty();
                    case RESUME -> OptionalLong.of(mode.offset());
                };
        if (place.isFree()) {
            Uploads.checked(file, offset, 0);
            return create(file, place);
        }
        PosixFileAttributes found = place.file();
        long start = Uploads.checked(file, offset, found.size());
        FileChannel channel = place.parent().openFile(place.name(), found, StandardOpenOption.WRITE);
        try {
            channel.truncate(start);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Undo undo = mode.kind() == Kind.REPLACE ? Undo.REMOVE_UNLESS_KEPT : Undo.CUT_UNLESS_KEPT;
        return new InPlaceSink(tree, file, channel, found, start, undo, false);
    }

    private ByteSink create(VirtualPath file, Place place) throws IOException {
        FileChannel channel = place.parent().create(place.name(), options.fileMode());
        try {
            PosixFileAttributes created = place.parent().attributes(place.name());
            if (created.isRegularFile() && Entries.mode(created) != options.fileMode()) {
                place.parent().changeFile(place.name(), OptionalLong.empty(), OptionalInt.of(options.fileMode()));
            }
            return new InPlaceSink(tree, file, channel, created, 0, Undo.REMOVE_UNLESS_KEPT, false);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
