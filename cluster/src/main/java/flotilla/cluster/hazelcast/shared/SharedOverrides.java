package flotilla.cluster.hazelcast.shared;

import com.hazelcast.topic.ITopic;
import flotilla.cluster.Overrides;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcOverrides;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Ticker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values of configuration keys in the database, with a copy on each node. A topic tells the nodes to read them again.
 * Each node also reads them from time to time, because a message may be lost when a member goes.
 */
public final class SharedOverrides implements Overrides {
    private static final Logger LOG = LoggerFactory.getLogger(SharedOverrides.class);
    private static final long LOOK_MILLIS = 1_000;
    /** Every so many looks, the values are read without a message. */
    private static final int LOOKS = 15;

    private final ITopic<String> changes;
    private final JdbcOverrides store;
    private final DatabaseWork database;
    private final Stages stages;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Counts the calls to read that have not been answered; one reading answers all that came before its start. */
    private final AtomicInteger wanted = new AtomicInteger();

    private volatile Map<String, Value> here;
    /** Touched by the ticker alone. */
    private int looks;

    private volatile boolean failed;

    /** Reads the values, and follows their changes from now on. Blocks. */
    public SharedOverrides(ITopic<String> changes, JdbcOverrides store, DatabaseWork database, Stages stages) {
        this.changes = changes;
        this.store = store;
        this.database = database;
        this.stages = stages;
        changes.addMessageListener(message -> read());
        this.here = Map.copyOf(store.all());
    }

    /** Reads the values again from time to time. */
    public void start(Ticker ticker) {
        ticker.every(LOOK_MILLIS, () -> {
            if (failed || ++looks >= LOOKS) {
                looks = 0;
                read();
            }
        });
    }

    private void read() {
        if (wanted.getAndIncrement() == 0) {
            readNow(1);
        }
    }

    private void readNow(int answers) {
        database.submit(store::all).whenComplete((found, failure) -> {
            failed = failure != null;
            if (failure == null) {
                take(Map.copyOf(found));
            } else {
                LOG.debug("the settings of the cluster were not read", failure);
            }
            int more = wanted.addAndGet(-answers);
            if (more > 0) {
                readNow(more);
            }
        });
    }

    private void take(Map<String, Value> found) {
        if (!found.equals(here)) {
            here = found;
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public Map<String, Value> all() {
        return here;
    }

    @Override
    public CompletionStage<Value> set(String key, String value, String by) {
        Value set = now(value, by);
        return stages.run(
                        () -> database.submit(() -> {
                            store.set(key, set);
                            return set;
                        }),
                        done -> done)
                .thenApply(done -> {
                    changes.publishAsync(key);
                    return done;
                });
    }

    private static Value now(String value, String by) {
        if (value.length() > MAX_VALUE) {
            throw new IllegalArgumentException("a value has at most " + MAX_VALUE + " characters");
        }
        return new Value(value, Instant.now().truncatedTo(ChronoUnit.MILLIS), by);
    }

    @Override
    public CompletionStage<Optional<Value>> setIf(String key, Optional<Value> before, String value, String by) {
        Value set = now(value, by);
        return replace(key, before, Optional.of(set)).thenApply(done -> done ? Optional.of(set) : Optional.empty());
    }

    @Override
    public CompletionStage<Boolean> unsetIf(String key, Value before) {
        return replace(key, Optional.of(before), Optional.empty());
    }

    private CompletionStage<Boolean> replace(String key, Optional<Value> before, Optional<Value> after) {
        return stages.run(() -> database.submit(() -> store.replace(key, before, after)), done -> done)
                .thenApply(done -> {
                    changes.publishAsync(key); // the caller may have known an old value
                    return done;
                });
    }

    @Override
    public CompletionStage<Boolean> unset(String key) {
        return stages.run(() -> database.submit(() -> store.unset(key)), done -> done)
                .thenApply(done -> {
                    changes.publishAsync(key);
                    return done;
                });
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
