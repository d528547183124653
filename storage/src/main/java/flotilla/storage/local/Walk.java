package flotilla.storage.local;

import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One walk from the root. Each component is opened in the directory before it, and never through a link. The walk
 * itself follows links: it reads the target as text and walks it in the same way. So a link cannot lead out of the
 * root, even if names change meanwhile.
 */
final class Walk {
    /** Most links that a walk follows. */
    static final int MAX_LINKS = 16;

    private static final Path PARENT = Path.of("..");

    private final Path root;
    private final Directory top;
    private final boolean followLinks;
    private final Deque<Path> pending;
    private final List<Path> walked = new ArrayList<>();
    private Directory current;
    private int links;

    Walk(Path root, Directory top, boolean followLinks, List<Path> names) {
        this.root = root;
        this.top = top;
        this.followLinks = followLinks;
        this.pending = new ArrayDeque<>(names);
        this.current = top;
    }

    /**
     * Walks to the end. The caller closes the place.
     *
     * @param followLast whether a link at the end is followed
     */
    Place go(boolean followLast) throws IOException, StorageException {
        try {
            Optional<Place> place = Optional.empty();
            while (place.isEmpty()) {
                place = step(followLast);
            }
            return place.get();
        } catch (IOException | StorageException | RuntimeException e) {
            current.close();
            throw e;
        }
    }

    private Optional<Place> step(boolean followLast) throws IOException, StorageException {
        if (pending.isEmpty()) {
            return Optional.of(place(Directory.self(), Optional.of(current.attributes(Directory.self()))));
        }
        Path name = pending.pop();
        if (name.equals(PARENT)) {
            ascend();
            return Optional.empty();
        }
        Optional<PosixFileAttributes> found = current.find(name);
        boolean last = pending.isEmpty();
        if (found.isPresent() && found.get().isSymbolicLink() && (followLast || !last)) {
            follow(name);
            return Optional.empty();
        }
        if (last) {
            return Optional.of(place(name, found));
        }
        descend(name);
        return Optional.empty();
    }

    private Place place(Path name, Optional<PosixFileAttributes> found) {
        return new Place(current, List.copyOf(walked), name, found);
    }

    private void descend(Path name) throws IOException, StorageException {
        enter(current.open(name));
        walked.add(name);
    }

    private void enter(Directory next) {
        Directory left = current;
        current = next;
        left.close();
    }

    /** Walks to the parent: down again from the root, because a directory does not know its parent. */
    private void ascend() throws IOException, StorageException {
        if (walked.isEmpty()) {
            throw new StorageException(Reason.ACCESS_DENIED, "a link leads above the root");
        }
        List<Path> names = List.copyOf(walked.subList(0, walked.size() - 1));
        restart();
        for (Path name : names) {
            descend(name);
        }
    }

    private void restart() {
        enter(top);
        walked.clear();
    }

    private void follow(Path link) throws IOException, StorageException {
        if (!followLinks || ++links > MAX_LINKS) {
            throw new StorageException(Reason.ACCESS_DENIED, "a link that is not followed: " + link);
        }
        Path target = Files.readSymbolicLink(Tree.below(root, walked).resolve(link));
        List<Path> names = target.isAbsolute() ? namesBelowRoot(target) : names(target);
        if (target.isAbsolute()) {
            restart();
        }
        for (int i = names.size() - 1; i >= 0; i--) {
            pending.push(names.get(i));
        }
    }

    private List<Path> namesBelowRoot(Path target) throws StorageException {
        if (!target.startsWith(root)) {
            throw new StorageException(Reason.ACCESS_DENIED, "a link leads outside the root: " + target);
        }
        int depth = root.getNameCount();
        return target.getNameCount() == depth ? List.of() : names(target.subpath(depth, target.getNameCount()));
    }

    private static List<Path> names(Path target) throws StorageException {
        List<Path> names = new ArrayList<>();
        for (Path name : target) {
            if (ReservedNames.isReserved(name.toString())) {
                throw new StorageException(Reason.ACCESS_DENIED, "a link leads to a reserved name");
            }
            if (!name.equals(Directory.self())) {
                names.add(name);
            }
        }
        return names;
    }
}
