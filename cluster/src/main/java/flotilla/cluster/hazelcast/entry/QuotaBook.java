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

/** What this member has to tell the database: what is stored where that changed here, without what is held, written together a little later. */
public final class QuotaBook {
    public static final long WRITE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(QuotaBook.class);

    private final Supplier<JdbcQuotaStore> store;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean writing = new AtomicBoolean();

    public QuotaBook(Supplier<JdbcQuotaStore> store) {
        this.store = store;
    }

    /** What the database has. Blocks. */
    public Optional<Usage> find(String user) {
        return store.get().find(user);
    }

    /** Removes what the database has. Blocks. */
    public void forget(String user) {
        changed.remove(user);
        store.get().remove(user);
    }

    /** Notes that a user's usage is another than the database has. */
    void changed(String user) {
        changed.add(user);
    }

    /** Notes all users that this member looks after: a member that is gone may not have written its last changes. */
    public void allChanged(IMap<String, QuotaRecord> map) {
        changed.addAll(map.localKeySet());
    }

    /** Writes what changed in the background, unless the last time is not over yet. */
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

    /** Writes what changed; what cannot be written is tried again the next time. Blocks. */
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
