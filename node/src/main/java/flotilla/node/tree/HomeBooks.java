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

/** Counts the homes of users with a quota, the first time and again. Every method blocks. */
public final class HomeBooks {
    /** How often a home is counted in which something is changed meanwhile. */
    static final int TRIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HomeBooks.class);

    private final Backends backends;
    private final QuotaLedger ledger;

    public HomeBooks(Backends backends, QuotaLedger ledger) {
        this.backends = backends;
        this.ledger = ledger;
    }

    public QuotaLedger ledger() {
        return ledger;
    }

    /**
     * What a user has stored and reserved; his home is counted now if it never was. A count during which something was changed, time and again, is
     * taken all the same and repeated soon.
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
     * Counts a home anew and corrects the book; empty, and nothing is corrected, when something was changed in it each time.
     *
     * @param isThere whether this is still the storage of the cluster: a home that is not mounted looks empty
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
