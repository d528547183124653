package flotilla.storage.memory;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import flotilla.storage.memory.Node.DirectoryNode;
import flotilla.storage.memory.Node.FileNode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Begins and ends uploads in memory. */
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
        if (mode.kind() == Kind.CREATE_NEW && tree.find(file).isPresent()) {
            throw MemoryTree.refusal(Reason.ALREADY_EXISTS, file);
        }
        if (!reserved.add(file)) {
            throw MemoryTree.refusal(mode.kind() == Kind.CREATE_NEW ? Reason.ALREADY_EXISTS : Reason.BUSY, file);
        }
        boolean begun = false;
        try {
            ByteSink sink = begin(file, mode, start(file, mode));
            begun = true;
            return sink;
        } finally {
            if (!begun) {
                reserved.remove(file);
            }
        }
    }

    UploadStart start(VirtualPath file, WriteMode mode) throws StorageException {
        Optional<FileNode> existing = tree.findFile(file);
        return UploadStart.of(
                file,
                mode,
                existing.isPresent() ? OptionalLong.of(existing.get().size()) : OptionalLong.empty(),
                parts.length(file));
    }

    private ByteSink begin(VirtualPath file, WriteMode mode, UploadStart start) throws StorageException {
        int offset = (int) start.offset();
        switch (start.base()) {
            case NOTHING -> {
                parts.forget(file);
                return inPart(file, new Content(budget), mode, start);
            }
            case PART -> {
                Content content = parts.claim(file).orElseThrow(() -> MemoryTree.refusal(Reason.CHANGED, file));
                content.truncate(offset);
                return inPart(file, content, mode, start);
            }
            default -> {
                FileNode existing = tree.file(file);
                return offset < existing.size()
                        ? inPart(file, existing.content().copy(offset), mode, start)
                        : new MemorySink(file, existing.content(), start, new InPlace(file, existing, offset));
            }
        }
    }

    private ByteSink inPart(VirtualPath file, Content content, WriteMode mode, UploadStart start)
            throws StorageException {
        return new MemorySink(file, content, start, new InPart(file, tree.parentOf(file), mode, start));
    }

    /** The ending of an upload whose content gets the name on commit. */
    private final class InPart implements MemorySink.Ending {
        private final VirtualPath file;
        private final DirectoryNode directory;
        private final WriteMode mode;
        private final UploadStart start;

        InPart(VirtualPath file, DirectoryNode directory, WriteMode mode, UploadStart start) {
            this.file = file;
            this.directory = directory;
            this.mode = mode;
            this.start = start;
        }

        @Override
        public OptionalLong replaces() throws StorageException {
            Optional<FileNode> file = tree.findFile(this.file);
            return file.isPresent() ? OptionalLong.of(file.get().size()) : OptionalLong.empty();
        }

        @Override
        public Entry commit(Content content) throws StorageException {
            return tree.put(file, content, mode.kind() == Kind.CREATE_NEW);
        }

        @Override
        public void abort(Content content, Remains remains) {
            try {
                boolean resumable = remains == Remains.KEEP || start.base() == Base.PART;
                boolean unresumable = mode.copy() || mode.kind() == Kind.APPEND && start.base() == Base.NOTHING;
                boolean isFile =
                        tree.find(file).filter(node -> !node.isDirectory()).isPresent();
                if (tree.parentOf(file) == directory
                        && !unresumable
                        && remains != Remains.NOTHING
                        && (isFile ? mode.kind() != Kind.CREATE_NEW : resumable)) {
                    content.truncate(remains == Remains.KEEP ? content.size() : resumable ? (int) start.offset() : 0);
                    parts.keep(file, content);
                    return;
                }
            } catch (StorageException gone) {
                // Its directory does not exist any more.
            }
            content.release();
        }

        @Override
        public void released() {
            reserved.remove(file);
        }
    }

    /** The ending of an upload whose content has the name already. */
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
        public OptionalLong replaces() {
            return OptionalLong.of(start);
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
            reserved.remove(file);
        }
    }
}
