package flotilla.storage.memory;

import flotilla.storage.Entry;
import flotilla.storage.Listing;
import java.util.ArrayList;
import java.util.List;

/** Lists the names that a directory had at the start, with their present entries. */
final class MemoryListing implements Listing {
    private final MemoryTree tree;
    private final Node.DirectoryNode directory;
    private final List<String> names;
    private int position;

    MemoryListing(MemoryTree tree, Node.DirectoryNode directory) {
        this.tree = tree;
        this.directory = directory;
        this.names = tree.names(directory);
    }

    @Override
    public List<Entry> next(int limit) {
        List<Entry> page = new ArrayList<>(Math.min(limit, names.size() - position));
        while (page.size() < limit && position < names.size()) {
            tree.entry(directory, names.get(position++)).ifPresent(page::add);
        }
        return page;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
