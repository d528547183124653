package flotilla.cluster.hazelcast.entry;

import com.hazelcast.map.IMap;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcQuotaStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes of usages that this member must still write to the database. It notes the users whose stored usage
 * changed here, and writes them together about a second later, without their holds.
 */
public final class QuotaBook {
    /** Time between two writes, in milliseconds. */
    public static final long WRITE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(QuotaBook.class);

    private final Supplier<JdbcQuotaStore> store;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean writing = new AtomicBoolean();

    /** Writes to {@code store}, which may block until the database is open. */
    public QuotaBook(Supplier<JdbcQuotaStore> store) {
        this.store = store;
    }

    /**
     * Reads a user's usage from the database; empty when it has none. Blocks.
     *
     * @throws flotilla.cluster.accounts.DatabaseException when the database does not answer
     */
    public Optional<Usage> find(String user) {
        return store.get().find(user);
    }

    /**
     * Removes a user's usage from the database. Blocks.
     *
     * @throws flotilla.cluster.accounts.DatabaseException when the database does not answer
     */
    public void forget(String user) {
        changed.remove(user);
        store.get().remove(user);
    }

    /** Notes that a user's stored usage differs from the database. */
    void changed(String user) {
        changed.add(user);
    }

    /**
     * Notes all users whose entries this member keeps. Call this when a member is gone: it may not have written its
     * last changes.
     */
    public void allChanged(IMap<String, QuotaRecord> map) {
        changed.addAll(map.localKeySet());
    }

    /** Writes the changes in the background, unless the previous write still runs. Does not block. */
    public void writeLater(IMap<String, QuotaRecord> map, DatabaseWork database) {
        if (changed.isEmpty() || !writing.compareAndSet(false, true)) {
            return;
        }
        database.submit(() -> {
                    write(map);
                    return true;
                })
                .whenComplete((done, failure) -> {
                    writing.set(false);
                    if (failure != null) {
                        LOG.debug("usages will be written later: {}", failure.toString());
                    }
                });
    }

    /**
     * Writes the changes. Blocks. Users whose write fails stay noted for the next time.
     *
     * @throws flotilla.cluster.accounts.DatabaseException when the database does not answer
     */
    public void write(IMap<String, QuotaRecord> map) {
        Set<String> users = Set.copyOf(changed);
        if (users.isEmpty()) {
            return;
        }
        changed.removeAll(users);
        try {
            Map<String, Usage> stored = new HashMap<>();
            map.getAll(users).forEach((user, book) -> {
                if (!book.uncounted()) {
                    stored.put(user, book.stored());
                }
            });
            store.get().putAll(stored);
        } catch (RuntimeException e) {
            changed.addAll(users);
            throw e;
        }
    }
}
