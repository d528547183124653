package flotilla.storage.memory;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import flotilla.storage.memory.Node.FileNode;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How uploads begin and end in memory. */
final class MemoryUploads {
    private final MemoryTree tree;
    private final MemoryParts parts;
    private final Budget budget;
    private final Set<VirtualPath> reserved = ConcurrentHashMap.newKeySet();

    MemoryUploads(MemoryTree tree, MemoryParts parts, Budget budget) {
        this.tree = tree;
        this.parts = parts;
        this.budget = budget;
    }

    synchronized ByteSink open(VirtualPath file, WriteMode mode) throws StorageException {
        if (mode.kind() == Kind.CREATE_NEW) {
            return openExclusive(file);
        }
        Optional<FileNode> existing = tree.findFile(file);
        if (mode.kind() == Kind.REPLACE) {
            return inPart(file, new Content(budget), false);
        }
        return existing.isPresent() ? resumeFile(file, existing.get(), mode) : resumePart(file, mode);
    }

    private ByteSink openExclusive(VirtualPath file) throws StorageException {
        if (tree.find(file).isPresent() || !reserved.add(file)) {
            throw MemoryTree.refusal(Reason.ALREADY_EXISTS, file);
        }
        return inPart(file, new Content(budget), true);
    }

    private ByteSink resumeFile(VirtualPath file, FileNode existing, WriteMode mode) throws StorageException {
        int size = existing.content().size();
        int start = start(file, mode, size);
        return start < size
                ? inPart(file, existing.content().copy(start), false)
                : new MemorySink(file, existing.content(), new InPlace(file, existing, start));
    }

    private ByteSink resumePart(VirtualPath file, WriteMode mode) throws StorageException {
        int size = parts.size(file).orElse(0L).intValue();
        int start = start(file, mode, size);
        Content content = parts.claim(file).orElseGet(() -> new Content(budget));
        content.truncate(start);
        return inPart(file, content, false);
    }

    private static int start(VirtualPath file, WriteMode mode, int size) throws StorageException {
        long start = mode.kind() == Kind.APPEND ? size : mode.offset();
        if (start < 0 || start > size) {
            throw MemoryTree.refusal(Reason.OFFSET_OUT_OF_RANGE, file);
        }
        return (int) start;
    }

    private ByteSink inPart(VirtualPath file, Content content, boolean exclusive) {
        return new MemorySink(file, content, new InPart(file, exclusive));
    }

    /** The content gets the name on commit. */
    private final class InPart implements MemorySink.Ending {
        private final VirtualPath file;
        private final boolean exclusive;

        InPart(VirtualPath file, boolean exclusive) {
            this.file = file;
            this.exclusive = exclusive;
        }

        @Override
        public Entry commit(Content content) throws StorageException {
            Entry entry = tree.put(file, content, exclusive);
            parts.forget(file);
            return entry;
        }

        @Override
        public void abort(Content content, Remains remains) {
            if (remains == Remains.KEEP && !isFile()) {
                parts.keep(file, content);
            } else {
                content.release();
            }
        }

        private boolean isFile() {
            try {
                return tree.find(file).filter(node -> !node.isDirectory()).isPresent();
            } catch (StorageException e) {
                return false;
            }
        }

        @Override
        public void released() {
            if (exclusive) {
                reserved.remove(file);
            }
        }
    }

    /** The content has the name already. */
    private final class InPlace implements MemorySink.Ending {
        private final VirtualPath file;
        private final FileNode node;
        private final int start;

        InPlace(VirtualPath file, FileNode node, int start) {
            this.file = file;
            this.node = node;
            this.start = start;
        }

        @Override
        public Entry commit(Content content) throws StorageException {
            return tree.appended(file, node);
        }

        @Override
        public void abort(Content content, Remains remains) {
            content.truncate(start);
        }

        @Override
        public void released() {
            // Nothing is reserved.
        }
    }
}
