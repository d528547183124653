package flotilla.node.tree;

import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Count;
import flotilla.cluster.QuotaLedger.Counted;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.node.tree.UserBooks.Book;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the homes of users with a quota, once at first and later again. Every method blocks. */
public final class HomeBooks {
    /** Number of attempts to count a home that changes meanwhile. */
    static final int TRIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HomeBooks.class);

    private final Backends backends;
    private final QuotaLedger ledger;

    public HomeBooks(Backends backends, QuotaLedger ledger) {
        this.backends = backends;
        this.ledger = ledger;
    }

    /** The ledger that holds the counts. */
    public QuotaLedger ledger() {
        return ledger;
    }

    /**
     * The books of a user.
     *
     * @param limit the user's quota; 0 for none
     */
    public UserBooks books(String user, Mount mount, Usage limit) {
        return UserBooks.of(backends, user, mount, limit);
    }

    /**
     * The bytes and files that are stored and reserved under a quota. Counts them if they were never counted. When they
     * change during each attempt, the last count is taken and they are counted again soon.
     *
     * @throws StorageException when they cannot be counted
     */
    public Usage usage(Book book) throws StorageException {
        Optional<Usage> known = joined(ledger.find(book.key()));
        return known.isPresent() ? known.get() : firstCount(book);
    }

    private Usage firstCount(Book book) throws StorageException {
        String user = book.key();
        Usage counted = Usage.NOTHING;
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Count> count = begun(user);
            counted = TreeSize.of(backends, book, Pace.FULL);
            if (count.isPresent()
                    && joined(ledger.endCount(user, count.get(), counted)).isPresent()) {
                return joined(ledger.find(user)).orElse(counted);
            }
        }
        return joined(ledger.set(user, counted));
    }

    private Optional<Count> begun(String user) {
        try {
            return joined(ledger.beginCount(user));
        } catch (CompletionException cannot) {
            LOG.debug("the home of {} is counted without a mark", user, cannot);
            return Optional.empty();
        }
    }

    /**
     * Counts again what a quota limits and corrects its usage. Returns empty and corrects nothing when it changed during
     * each attempt.
     *
     * @param isThere returns true while the cluster's storage is mounted: a home that is not mounted looks empty
     * @throws StorageException when the home cannot be counted
     */
    public Optional<Counted> recount(Book book, Pace pace, BooleanSupplier isThere) throws StorageException {
        String user = book.key();
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Count> count = joined(ledger.beginCount(user));
            if (count.isPresent()) {
                Usage there = TreeSize.of(backends, book, pace);
                if (!isThere.getAsBoolean()) {
                    throw new StorageException(Reason.IO, "the storage is not available");
                }
                Optional<Counted> counted = joined(ledger.endCount(user, count.get(), there));
                if (counted.isPresent()) {
                    return counted;
                }
            }
        }
        return Optional.empty();
    }

    private static <T> T joined(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
