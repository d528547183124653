package flotilla.node.data;

import flotilla.cluster.QuotaLedger.Reservation;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserBooks;
import flotilla.node.tree.UserBooks.Book;
import flotilla.node.tree.UserTree;
import flotilla.storage.ByteSink;
import flotilla.storage.StorageException;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The share of a user's quota that an upload takes. It reserves space in slices before it writes, so the limit holds
 * over all nodes. At the end it books the upload's change in one step and drops the reservation. Sizes are in bytes.
 */
final class QuotaAccount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaAccount.class);
    private static final long SLICE = 1 << 20;

    private final TransferOrder order;
    private final Usage limit;
    private final UploadStart begun;
    private final @Nullable Reservation reservation;
    private final boolean newFile;
    private long reserved;
    private long used;
    private boolean fileReserved;
    /** True once the home may show the change of this upload. */
    private boolean shown;

    private boolean committed;
    private boolean certain = true;
    private OptionalLong replaced = OptionalLong.empty();

    private QuotaAccount(
            TransferOrder order, Usage limit, UploadStart begun, @Nullable Reservation reservation, boolean newFile) {
        this.order = order;
        this.limit = limit;
        this.begun = begun;
        this.reservation = reservation;
        this.newFile = newFile;
    }

    /**
     * Counts what the quota of an upload limits if it was never counted. It runs before the upload begins, so an upload
     * that fails here has changed nothing.
     *
     * @throws StorageException when it cannot be counted
     */
    static void prepare(HomeBooks homes, TransferOrder order) throws StorageException {
        Optional<Book> book = bookOf(books(homes, order), order);
        if (book.isPresent()) {
            Usage unused = homes.usage(book.get());
        }
    }

    private static Optional<UserBooks> books(HomeBooks homes, TransferOrder order) {
        Usage limit = new Usage(order.quotaBytes(), order.quotaFiles());
        Mount mount = order.mount();
        return UserBooks.isLimited(limit, mount)
                ? Optional.of(homes.books(order.user(), mount, limit))
                : Optional.empty();
    }

    private static Optional<Book> bookOf(Optional<UserBooks> books, TransferOrder order) throws StorageException {
        if (books.isEmpty() || !(order.transfer() instanceof Transfer.Receive receive)) {
            return Optional.empty();
        }
        return books.get().at(receive.lockName(), order.mount(), VirtualPath.of(receive.path()));
    }

    /** Opens the account of an upload that has begun. It costs nothing for users without a quota. */
    static QuotaAccount open(HomeBooks homes, TransferOrder order, UserTree tree, ByteSink sink)
            throws StorageException {
        Optional<UserBooks> books = books(homes, order);
        Optional<Book> book = bookOf(books, order);
        if (book.isEmpty()) {
            return new QuotaAccount(order, Usage.NOTHING, sink.begun(), null, false);
        }
        QuotaAccount account = new QuotaAccount(
                order,
                book.get().limit(),
                sink.begun(),
                homes.ledger().reservation(book.get().key()),
                !exists(tree, order.transfer().path()));
        account.certain = books.get().isSure();
        if (sink.isVisible()) {
            account.committing();
        }
        return account;
    }

    private static boolean exists(UserTree tree, String path) {
        try {
            return tree.stat(VirtualPath.of(path)).isFile();
        } catch (StorageException missing) {
            return false;
        }
    }

    /**
     * Bytes of the new file that are counted already, because they belong to the old file. A part is counted nowhere.
     */
    private long carried() {
        return begun.base() == UploadStart.Base.FILE ? begun.offset() : 0;
    }

    /** Reserves the bytes that the upload continues from. Returns false when the quota does not allow them. */
    boolean begin() {
        long uncounted = begun.offset() - carried();
        return uncounted == 0 || grow(uncounted);
    }

    /** Reserves {@code bytes} more. Returns false when the quota does not allow them. */
    boolean grow(long bytes) {
        if (reservation == null) {
            return true;
        }
        used += bytes;
        boolean needsFile = newFile && !fileReserved;
        if (used <= reserved && !needsFile) {
            return true;
        }
        long missing = Math.max(0, used - reserved);
        long slice = missing == 0 ? 0 : Math.max(SLICE, missing);
        return reserve(reservation, reserved + slice) || slice > missing && reserve(reservation, reserved + missing);
    }

    private boolean reserve(Reservation with, long bytes) {
        Usage amount = new Usage(bytes, newFile ? 1 : 0);
        boolean granted = joined(with.hold(amount, limit));
        if (granted) {
            reserved = bytes;
            fileReserved = newFile;
        }
        return granted;
    }

    /** Announces that the home may show the change from now on. Must be called before it does. */
    void committing() {
        if (reservation == null || shown) {
            return;
        }
        shown = true;
        try {
            joined(reservation.show());
        } catch (CompletionException silence) {
            certain = false;
            LOG.warn(
                    "an upload of {} is stored without telling who counts his home: {}",
                    order.user(),
                    silence.toString());
        }
    }

    /**
     * Notes that the file is stored.
     *
     * @param before size of the file that it replaced, in bytes; empty when there was none
     */
    void committed(OptionalLong before) {
        committed = true;
        replaced = before;
    }

    /**
     * Books the change of the upload. A stored file counts even beyond the limit, and it stays stored when the cluster
     * does not answer. The change of an upload that failed while it was made visible is unknown, so the home is counted
     * again.
     */
    @Override
    public void close() {
        if (reservation == null) {
            return;
        }
        long bytes = committed ? carried() + used - replaced.orElse(0) : 0;
        long files = committed && replaced.isEmpty() ? 1 : 0;
        try {
            joined(reservation.settle(new Usage(bytes, files), certain && (committed || !shown)));
        } catch (CompletionException silence) {
            LOG.debug("booked later", silence);
        }
    }

    private static <T> T joined(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
