package flotilla.cluster.hazelcast.shared;

import flotilla.cluster.Roll;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcRoll;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Ticker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes in the database. Each node notes itself: at its start, from time to time, and when it leaves in order. */
public final class SharedRoll implements Roll {
    private static final Logger LOG = LoggerFactory.getLogger(SharedRoll.class);
    private static final long PERIOD_MILLIS = 15_000;

    private final JdbcRoll store;
    private final DatabaseWork database;
    private final Stages stages;
    private final String name;
    private final String address;

    /**
     * Creates the roll of a node.
     *
     * @param name name of this node
     * @param address address of its ports for other nodes
     */
    public SharedRoll(JdbcRoll store, DatabaseWork database, Stages stages, String name, String address) {
        this.store = store;
        this.database = database;
        this.stages = stages;
        this.name = name;
        this.address = address;
    }

    /**
     * Notes this node from now on.
     *
     * @param alone whether no other node can ask; it is then noted only now
     */
    public void start(Ticker ticker, boolean alone) {
        present();
        if (!alone) {
            ticker.every(PERIOD_MILLIS, this::present);
        }
    }

    private void present() {
        database.submit(() -> {
                    store.note(entry(false));
                    return true;
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.debug("this node was not noted", failure);
                    }
                });
    }

    private Entry entry(boolean inOrder) {
        return new Entry(name, address, Instant.now().truncatedTo(ChronoUnit.MILLIS), inOrder);
    }

    /** Notes that this node leaves in order. Blocks. */
    public void leave() {
        store.note(entry(true));
    }

    @Override
    public CompletionStage<List<Entry>> all() {
        return stages.run(() -> database.submit(() -> store.all(MOST)), found -> found);
    }

    @Override
    public CompletionStage<Boolean> forget(String gone) {
        return stages.run(() -> database.submit(() -> store.forget(gone)), done -> done);
    }
}
