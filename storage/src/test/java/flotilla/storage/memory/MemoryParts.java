package flotilla.storage.memory;

import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import flotilla.storage.memory.Node.DirectoryNode;
import flotilla.storage.memory.Node.Part;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parts of failed uploads that clients may resume. They belong to the directory of the file, and move and end with
 * it.
 */
final class MemoryParts {
    private final MemoryTree tree;

    MemoryParts(MemoryTree tree) {
        this.tree = tree;
    }

    OptionalLong length(VirtualPath file) throws StorageException {
        synchronized (tree) {
            Optional<Part> part = tree.parentOf(file).part(file.name());
            return part.isPresent() ? OptionalLong.of(part.get().content().size()) : OptionalLong.empty();
        }
    }

    /** Takes the part of {@code file} away for writing; empty when there is none. */
    Optional<Content> claim(VirtualPath file) throws StorageException {
        synchronized (tree) {
            return tree.parentOf(file).takePart(file.name()).map(Part::content);
        }
    }

    void keep(VirtualPath file, Content content) throws StorageException {
        synchronized (tree) {
            forget(file);
            tree.parentOf(file).keepPart(file.name(), new Part(content, System.currentTimeMillis()));
        }
    }

    /**
     * Drops the part of {@code file}.
     *
     * @return whether there was one
     */
    boolean forget(VirtualPath file) throws StorageException {
        synchronized (tree) {
            Optional<Part> part = tree.parentOf(file).takePart(file.name());
            part.ifPresent(dropped -> dropped.content().release());
            return part.isPresent();
        }
    }

    int sweep(Duration age) {
        long latest = System.currentTimeMillis() - age.toMillis();
        int removed = 0;
        synchronized (tree) {
            Deque<DirectoryNode> open = new ArrayDeque<>(List.of(tree.root()));
            while (!open.isEmpty()) {
                DirectoryNode directory = open.pop();
                removed += directory.sweepParts(latest);
                open.addAll(directory.directories());
            }
        }
        return removed;
    }
}
