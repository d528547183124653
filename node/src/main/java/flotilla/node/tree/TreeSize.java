package flotilla.node.tree;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is stored in a tree, without recursion. Directories that cannot be listed count for nothing. */
public final class TreeSize {
    private static final Logger LOG = LoggerFactory.getLogger(TreeSize.class);
    private static final int PAGE = 1024;
    private static final int MAX_DIRECTORIES = 1_000_000;

    private TreeSize() {}

    /** Bytes and files below the root. Blocks. */
    public static Usage of(UserTree tree) {
        long bytes = 0;
        long files = 0;
        int directories = 0;
        Deque<VirtualPath> open = new ArrayDeque<>(List.of(VirtualPath.ROOT));
        while (!open.isEmpty() && directories++ < MAX_DIRECTORIES) {
            VirtualPath directory = open.pop();
            try (Listing listing = tree.list(directory, Listing.Order.NONE)
                    .toCompletableFuture()
                    .join()) {
                for (List<Entry> page = listing.next(PAGE); !page.isEmpty(); page = listing.next(PAGE)) {
                    for (Entry entry : page) {
                        if (entry.isDirectory()) {
                            open.push(directory.resolve(entry.name()));
                        } else if (entry.isFile()) {
                            bytes += entry.size();
                            files++;
                        }
                    }
                }
            } catch (StorageException | CompletionException unreadable) {
                LOG.debug("{} is not counted", directory, unreadable);
            }
        }
        return new Usage(bytes, files);
    }
}
