package flotilla.node.data;

import flotilla.cluster.QuotaLedger;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.tree.TreeSize;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.VirtualPath;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an upload takes of its user's quota. Space is reserved in slices before it is written, so that the limit holds over all
 * nodes; what was reserved too much, or for an upload that failed, is given back.
 */
final class QuotaAccount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaAccount.class);
    private static final long SLICE = 1 << 20;

    private final QuotaLedger ledger;
    private final TransferOrder order;
    private final long replacedBytes;
    private final boolean replaces;
    private long carried;
    private long reserved;
    private long used;
    private boolean fileReserved;
    private boolean committed;

    private QuotaAccount(QuotaLedger ledger, TransferOrder order, boolean replaces, long replacedBytes) {
        this.ledger = ledger;
        this.order = order;
        this.replaces = replaces;
        this.replacedBytes = replacedBytes;
    }

    /** The account of one upload. Costs nothing for users without quota. */
    static QuotaAccount open(QuotaLedger ledger, TransferOrder order, UserTree tree, VirtualPath path) {
        if (order.quotaBytes() <= 0 && order.quotaFiles() <= 0) {
            return new QuotaAccount(ledger, order, false, 0);
        }
        ensureCounted(ledger, order.user(), tree);
        try {
            Entry existing = tree.stat(path).toCompletableFuture().join();
            return new QuotaAccount(ledger, order, true, existing.size());
        } catch (CompletionException missing) {
            return new QuotaAccount(ledger, order, false, 0);
        }
    }

    /** A user whose home was never counted is counted before his first upload under a quota. */
    private static void ensureCounted(QuotaLedger ledger, String user, UserTree tree) {
        if (ledger.find(user).toCompletableFuture().join().isEmpty()) {
            ledger.set(user, TreeSize.of(tree)).toCompletableFuture().join();
        }
    }

    private boolean isUnlimited() {
        return order.quotaBytes() <= 0 && order.quotaFiles() <= 0;
    }

    /**
     * Counts what an upload goes on from: all of it when it is what a failed upload left, which nobody counted; false when the quota does
     * not allow it. What is kept of the file itself is counted already.
     */
    boolean begin(long start) {
        carried = replaces ? Math.min(start, replacedBytes) : 0;
        return start == carried || grow(start - carried);
    }

    /** Takes {@code bytes} more; false when the quota does not allow it. */
    boolean grow(long bytes) {
        if (isUnlimited()) {
            return true;
        }
        if (!fileReserved && !replaces) {
            if (!reserve(0, 1)) {
                return false;
            }
            fileReserved = true;
        }
        used += bytes;
        while (used > reserved) {
            long missing = used - reserved;
            long slice = Math.max(SLICE, missing);
            if (reserve(slice, 0)) {
                reserved += slice;
            } else if (slice > missing && reserve(missing, 0)) {
                reserved += missing;
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean reserve(long bytes, long files) {
        return ledger.reserve(order.user(), bytes, files, order.quotaBytes(), order.quotaFiles())
                .toCompletableFuture()
                .join();
    }

    void committed() {
        if (!isUnlimited() && !replaces && !fileReserved) {
            fileReserved = reserve(0, 1);
        }
        committed = true;
    }

    /** Gives back what was reserved and is not kept. A file that is stored stays so when the cluster does not answer. */
    @Override
    public void close() {
        if (isUnlimited()) {
            return;
        }
        long keptBytes = committed ? used : 0;
        long freedBytes = committed && replaces ? replacedBytes - carried : 0;
        long change = keptBytes - reserved - freedBytes;
        try {
            reserve(change, committed || !fileReserved ? 0 : -1);
        } catch (CompletionException silence) {
            LOG.warn("the usage of {} should have changed by {} bytes", order.user(), change, silence);
        }
    }
}
