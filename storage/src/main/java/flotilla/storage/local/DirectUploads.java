package flotilla.storage.local;

import flotilla.storage.ByteSink;
import flotilla.storage.StorageException;
import flotilla.storage.UploadStart;
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
 * Uploads without parts ({@link LocalOptions.Atomic#OFF}). Readers see the bytes as they arrive. The bytes of a broken
 * upload stay under the final name, where the next upload resumes them. A copy within the storage uses a part all the
 * same: nobody could tell its bytes from those of an upload.
 */
final class DirectUploads {
    private final Tree tree;
    private final Parts parts;
    private final int mode;

    /** @param mode permission bits of new files */
    DirectUploads(Tree tree, Parts parts, int mode) {
        this.tree = tree;
        this.parts = parts;
        this.mode = mode;
    }

    /** Opens an upload to {@code place}, which holds a regular file or nothing. */
    ByteSink open(VirtualPath file, Place place, WriteMode how) throws IOException, StorageException {
        Slot slot = parts.slot(place);
        UploadStart begun = start(file, place, how, parts.length(slot));
        parts.drop(slot); // from now on the length of the file shows the progress of the upload
        if (place.isFree()) {
            return create(file, place, begun);
        }
        PosixFileAttributes found = place.file();
        FileChannel channel = place.parent().openFile(place.name(), found, StandardOpenOption.WRITE);
        try {
            channel.truncate(begun.offset());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Undo undo = how.kind() == Kind.REPLACE ? Undo.EMPTY_UNLESS_KEPT : Undo.CUT_UNLESS_KEPT;
        return new InPlaceSink(tree, file, channel, found, begun, undo, false, InPlaceSink.NONE);
    }

    /**
     * Returns where an upload would begin. The file itself holds the bytes of a broken upload, unless that broke before
     * its first byte.
     */
    static UploadStart start(VirtualPath file, Place place, WriteMode how, OptionalLong part) throws StorageException {
        return UploadStart.of(
                file, how, Uploads.committed(place), part.isPresent() ? OptionalLong.of(0) : OptionalLong.empty());
    }

    private ByteSink create(VirtualPath file, Place place, UploadStart begun) throws IOException {
        FileChannel channel = place.parent().create(place.name(), mode);
        try {
            PosixFileAttributes created = place.parent().attributes(place.name());
            if (created.isRegularFile() && Entries.mode(created) != mode) {
                place.parent().changeFile(place.name(), OptionalLong.empty(), OptionalInt.of(mode));
            }
            return new InPlaceSink(
                    tree, file, channel, created, begun, Undo.REMOVE_UNLESS_KEPT, false, InPlaceSink.NONE);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
