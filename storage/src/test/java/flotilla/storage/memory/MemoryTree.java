package flotilla.storage.memory;

import flotilla.storage.AttributeChange;
import flotilla.storage.Entry;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.memory.Node.DirectoryNode;
import flotilla.storage.memory.Node.FileNode;
import java.util.List;
import java.util.Optional;

/** The names in memory and their nodes. One lock guards all names. Each content guards its own bytes. */
final class MemoryTree {
    private final DirectoryNode root = new DirectoryNode();

    /** Returns the node at {@code path}, if there is one and all names above it are directories. */
    synchronized Optional<Node> find(VirtualPath path) throws StorageException {
        ReservedNames.check(path);
        return path.isRoot() ? Optional.of(root) : parent(path).child(path.name());
    }

    synchronized Node get(VirtualPath path) throws StorageException {
        return find(path).orElseThrow(() -> refusal(Reason.NOT_FOUND, path));
    }

    synchronized DirectoryNode directory(VirtualPath path) throws StorageException {
        if (get(path) instanceof DirectoryNode directory) {
            return directory;
        }
        throw refusal(Reason.NOT_A_DIRECTORY, path);
    }

    /** Returns the file at {@code path}, if there is one. */
    synchronized Optional<FileNode> findFile(VirtualPath path) throws StorageException {
        Optional<Node> found = find(path);
        if (found.isPresent() && found.get().isDirectory()) {
            throw refusal(Reason.IS_A_DIRECTORY, path);
        }
        return found.map(FileNode.class::cast);
    }

    synchronized FileNode file(VirtualPath path) throws StorageException {
        return findFile(path).orElseThrow(() -> refusal(Reason.NOT_FOUND, path));
    }

    DirectoryNode root() {
        return root;
    }

    /** Returns the directory that holds {@code path} or would hold it. */
    synchronized DirectoryNode parentOf(VirtualPath path) throws StorageException {
        return path.isRoot() ? root : parent(path);
    }

    private DirectoryNode parent(VirtualPath path) throws StorageException {
        DirectoryNode current = root;
        List<String> names = path.components();
        for (String name : names.subList(0, names.size() - 1)) {
            Node next = current.child(name).orElseThrow(() -> refusal(Reason.NOT_FOUND, path));
            if (!(next instanceof DirectoryNode directory)) {
                throw refusal(Reason.NOT_A_DIRECTORY, path);
            }
            current = directory;
        }
        return current;
    }

    synchronized Entry entry(VirtualPath path) throws StorageException {
        return get(path).entry(path.name());
    }

    synchronized List<String> names(DirectoryNode directory) {
        return directory.names();
    }

    synchronized Optional<Entry> entry(DirectoryNode directory, String name) {
        return directory.child(name).map(node -> node.entry(name));
    }

    synchronized Entry makeDirectory(VirtualPath path) throws StorageException {
        if (find(path).isPresent()) {
            throw refusal(Reason.ALREADY_EXISTS, path);
        }
        DirectoryNode made = new DirectoryNode();
        parent(path).put(path.name(), made);
        return made.entry(path.name());
    }

    /** Gives {@code content} the name {@code path}. A file that had the name is gone. */
    synchronized Entry put(VirtualPath path, Content content, boolean exclusive) throws StorageException {
        Optional<FileNode> before = findFile(path);
        if (exclusive && before.isPresent()) {
            throw refusal(Reason.ALREADY_EXISTS, path);
        }
        FileNode file = new FileNode(content);
        parent(path).put(path.name(), file);
        before.ifPresent(replaced -> replaced.content().release());
        return file.entry(path.name());
    }

    /** Returns the entry of {@code file} after an append to it. */
    synchronized Entry appended(VirtualPath path, FileNode file) throws StorageException {
        if (get(path) != file) {
            throw refusal(Reason.CHANGED, path);
        }
        file.touch();
        return entry(path);
    }

    synchronized long delete(VirtualPath path) throws StorageException {
        FileNode file = file(path);
        long size = file.size();
        parent(path).remove(path.name());
        file.content().release();
        return size;
    }

    synchronized void removeDirectory(VirtualPath path) throws StorageException {
        if (path.isRoot()) {
            throw refusal(Reason.ACCESS_DENIED, path);
        }
        DirectoryNode directory = directory(path);
        if (!directory.isEmpty()) {
            throw refusal(Reason.NOT_EMPTY, path);
        }
        directory.sweepParts(Long.MAX_VALUE);
        parent(path).remove(path.name());
    }

    /**
     * Renames an object.
     *
     * @return the bytes of the file that was replaced
     */
    synchronized Optional<Long> rename(VirtualPath from, String identity, VirtualPath to, boolean replace)
            throws StorageException {
        ReservedNames.check(to);
        if (from.isRoot()) {
            throw refusal(Reason.ACCESS_DENIED, from);
        }
        Node node = get(from);
        if (!node.identity().equals(identity)) {
            throw refusal(Reason.CHANGED, from);
        }
        if (node.isDirectory() && to.startsWith(from) && !to.equals(from)) {
            throw refusal(Reason.INTO_ITSELF, to);
        }
        Optional<Node> target = find(to);
        if (target.isPresent()
                && (!replace || node.isDirectory() || target.get().isDirectory())) {
            throw refusal(Reason.ALREADY_EXISTS, to);
        }
        parent(from).remove(from.name());
        parent(to).put(to.name(), node);
        Optional<FileNode> gone = target.filter(replaced -> replaced != node).map(FileNode.class::cast);
        Optional<Long> bytes = gone.map(Node::size);
        gone.ifPresent(replaced -> replaced.content().release());
        return bytes;
    }

    synchronized Entry change(VirtualPath path, AttributeChange change) throws StorageException {
        Node node = get(path);
        change.modifiedMillis().ifPresent(node::touch);
        change.mode().ifPresent(node::setMode);
        return node.entry(path.name());
    }

    static StorageException refusal(Reason reason, VirtualPath path) {
        return new StorageException(reason, reason + ": " + path);
    }
}
