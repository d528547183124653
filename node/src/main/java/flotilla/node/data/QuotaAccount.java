package flotilla.node.data;

import flotilla.cluster.QuotaLedger;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.tree.TreeSize;
import flotilla.node.tree.UserTree;
import flotilla.storage.StorageException;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import java.util.OptionalLong;
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
    private final UploadStart begun;
    private final boolean newFile;
    private long reserved;
    private long used;
    private boolean fileReserved;
    private boolean committed;
    private OptionalLong replaced = OptionalLong.empty();

    private QuotaAccount(QuotaLedger ledger, TransferOrder order, UploadStart begun, boolean newFile) {
        this.ledger = ledger;
        this.order = order;
        this.begun = begun;
        this.newFile = newFile;
    }

    /** The account of an upload that has begun. Costs nothing for users without quota. */
    static QuotaAccount open(QuotaLedger ledger, TransferOrder order, UserTree tree, UploadStart begun) {
        if (order.quotaBytes() <= 0 && order.quotaFiles() <= 0) {
            return new QuotaAccount(ledger, order, begun, false);
        }
        ensureCounted(ledger, order.user(), tree);
        return new QuotaAccount(
                ledger, order, begun, !exists(tree, order.transfer().path()));
    }

    private static boolean exists(UserTree tree, String path) {
        try {
            return tree.stat(VirtualPath.of(path)).toCompletableFuture().join().isFile();
        } catch (StorageException | CompletionException missing) {
            return false;
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

    /** Bytes of the new file that are counted already, for they are those of the old one. A part is counted nowhere. */
    private long carried() {
        return begun.base() == UploadStart.Base.FILE ? begun.offset() : 0;
    }

    /** Takes what the upload goes on from; false when the quota does not allow it. */
    boolean begin() {
        long uncounted = begun.offset() - carried();
        return uncounted == 0 || grow(uncounted);
    }

    /** Takes {@code bytes} more; false when the quota does not allow it. */
    boolean grow(long bytes) {
        if (isUnlimited()) {
            return true;
        }
        if (!fileReserved && newFile) {
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

    /** The file is stored. @param before bytes of the file that it replaced; empty when there was none */
    void committed(OptionalLong before) {
        committed = true;
        replaced = before;
    }

    /**
     * Books what the upload has changed, and gives back what was reserved beyond that. What is stored counts, whatever the limit is
     * by now; a file that is stored stays so when the cluster does not answer.
     */
    @Override
    public void close() {
        if (isUnlimited()) {
            return;
        }
        long bytes = committed ? carried() + used - replaced.orElse(0) : 0;
        long files = committed && replaced.isEmpty() ? 1 : 0;
        long change = bytes - reserved;
        try {
            ledger.reserve(order.user(), change, files - (fileReserved ? 1 : 0), 0, 0)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException silence) {
            LOG.warn("the usage of {} should have changed by {} bytes", order.user(), change, silence);
        }
    }
}
