package flotilla.storage.local;

import flotilla.storage.AttributeChange;
import flotilla.storage.Entry;
import flotilla.storage.EscapedName;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Creates, removes and changes entries of directories. */
final class Directories {
    /** The owner's bits without which a directory can be neither opened nor moved. */
    private static final int OWNER = 0700;

    private final Tree tree;
    private final Parts parts;
    private final Arrivals arrivals;
    private final int mode;

    Directories(Tree tree, Parts parts, Arrivals arrivals, int mode) {
        this.tree = tree;
        this.parts = parts;
        this.arrivals = arrivals;
        this.mode = mode;
    }

    /**
     * Creates a directory. Java has no mkdirat(2), so it is created by path under an unpredictable name among the
     * parts. It moves to its place only if the open directory shows it there.
     */
    Entry make(VirtualPath path) throws IOException, StorageException {
        try (Place place = tree.locateLink(path)) {
            if (!place.isFree()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, path);
            }
            EscapedName.checkNew(path);
            makeAt(place);
            return Entries.entry(path.name(), place.parent().attributes(place.name()));
        }
    }

    private void makeAt(Place place) throws IOException, StorageException {
        try (Directory hidden = parts.open()) {
            makeVia(hidden, List.of(parts.name()), tree.name(Parts.randomName()), place);
        } catch (AtomicMoveNotSupportedException e) {
            makeVia(place.parent(), place.above(), Arrivals.hiddenName(), place);
        }
    }

    /**
     * Creates the directory as {@code name} in {@code via}, and moves it to {@code place}.
     *
     * @param names the path of {@code via} from the root
     */
    private void makeVia(Directory via, List<Path> names, Path name, Place place) throws IOException, StorageException {
        List<Path> all = new ArrayList<>(names);
        all.add(name);
        Path path = tree.pathOf(all);
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(Entries.permissions(mode | OWNER)));
        if (via.find(name).isEmpty()) {
            Files.deleteIfExists(path);
            throw Failures.refusal(Reason.CHANGED, path + " was not made where it belongs");
        }
        boolean moved = false;
        try {
            fixMode(via, name, mode | OWNER);
            arrivals.moveToFree(via, name, place.parent(), place.name());
            moved = true;
            if ((mode & OWNER) != OWNER) {
                fixMode(place.parent(), place.name(), mode);
            }
        } finally {
            if (!moved) {
                via.deleteDirectory(name);
            }
        }
    }

    /** Gives a new directory its permission bits. The process's umask may have removed some. */
    private static void fixMode(Directory via, Path name, int mode) throws IOException, StorageException {
        try (Directory made = via.open(name)) {
            if (Entries.mode(made.attributes(Directory.self())) != mode) {
                made.changeSelf(OptionalLong.empty(), OptionalInt.of(mode));
            }
        }
    }

    /**
     * Removes a file, its part, a link or a special file.
     *
     * @return the bytes of the file; empty for other objects, and for a part alone
     */
    Optional<Long> delete(VirtualPath path) throws IOException, StorageException {
        try (Place place = tree.locateLink(path)) {
            if (place.isFree()) {
                if (!parts.drop(parts.slot(place))) {
                    throw Failures.refusal(Reason.NOT_FOUND, path);
                }
                return Optional.empty();
            }
            if (place.isDirectory()) {
                throw Failures.refusal(Reason.IS_A_DIRECTORY, path);
            }
            place.parent().deleteFile(place.name());
            parts.drop(parts.slot(place));
            return place.found().filter(PosixFileAttributes::isRegularFile).map(PosixFileAttributes::size);
        }
    }

    void remove(VirtualPath path) throws IOException, StorageException {
        try (Place place = tree.locateLink(path)) {
            if (path.isRoot() || place.isLink()) {
                throw Failures.refusal(Reason.ACCESS_DENIED, path);
            }
            PosixFileAttributes directory = place.attributes();
            if (!directory.isDirectory()) {
                throw Failures.refusal(Reason.NOT_A_DIRECTORY, path);
            }
            place.parent().deleteDirectory(place.name());
            parts.dropBelow(directory);
        }
    }

    Entry change(VirtualPath path, AttributeChange change) throws IOException, StorageException {
        try (Place place = tree.locate(path)) {
            PosixFileAttributes attributes = place.attributes();
            if (attributes.isDirectory()) {
                try (Directory directory = place.open()) {
                    directory.changeSelf(change.modifiedMillis(), change.mode());
                }
            } else {
                place.file();
                place.parent().changeFile(place.name(), change.modifiedMillis(), change.mode());
            }
            return Entries.entry(path.name(), place.parent().attributes(place.name()));
        }
    }
}
