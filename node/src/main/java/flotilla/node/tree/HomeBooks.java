package flotilla.node.tree;

import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Count;
import flotilla.cluster.QuotaLedger.Counted;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.tree.TreeSize.Pace;
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
     * The bytes and files that a user has stored and reserved. Counts the home if it was never counted. When the home
     * changes during each attempt, the last count is taken and the home is counted again soon.
     *
     * @throws StorageException when the home cannot be counted
     */
    public Usage usage(String user, Mount mount) throws StorageException {
        Optional<Usage> known = joined(ledger.find(user));
        return known.isPresent() ? known.get() : firstCount(user, mount);
    }

    private Usage firstCount(String user, Mount mount) throws StorageException {
        Usage counted = Usage.NOTHING;
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Count> count = begun(user);
            counted = TreeSize.of(backends, mount, Pace.FULL);
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
     * Counts a home again and corrects its usage. Returns empty and corrects nothing when the home changed during each
     * attempt.
     *
     * @param isThere returns true while the cluster's storage is mounted: a home that is not mounted looks empty
     * @throws StorageException when the home cannot be counted
     */
    public Optional<Counted> recount(String user, Mount mount, Pace pace, BooleanSupplier isThere)
            throws StorageException {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Count> count = joined(ledger.beginCount(user));
            if (count.isPresent()) {
                Usage there = TreeSize.of(backends, mount, pace);
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
