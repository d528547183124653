package flotilla.cluster.hazelcast;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryLoadedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.jdbc.JdbcUserStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Accounts, read and written through a map whose entries come from the database. */
final class SharedUsers implements UserDirectory {
    private final IMap<String, User> map;
    private final JdbcUserStore store;
    private final Stages stages;
    private final Executor blocking;

    SharedUsers(IMap<String, User> map, JdbcUserStore store, Stages stages, Executor blocking) {
        this.map = map;
        this.store = store;
        this.stages = stages;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Optional<User>> find(String name) {
        return stages.run(() -> map.getAsync(name), Optional::ofNullable);
    }

    @Override
    public CompletionStage<Void> put(User user) {
        return stages.run(() -> map.setAsync(user.name(), user), Nothing::of);
    }

    @Override
    public CompletionStage<Boolean> add(User user) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(() -> map.putIfAbsent(user.name(), user), blocking),
                present -> present == null);
    }

    @Override
    public CompletionStage<Boolean> remove(String name) {
        return stages.run(() -> map.removeAsync(name), removed -> removed != null);
    }

    @Override
    public CompletionStage<List<User>> list(String after, int limit) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(() -> store.list(after, limit), blocking), found -> found);
    }

    @Override
    public AutoCloseable onChange(Consumer<String> listener) {
        UUID registration = map.addEntryListener(new Changes(listener), false);
        return () -> map.removeEntryListener(registration);
    }

    /** Tells of changes, not of entries that come from the database. */
    private static final class Changes
            implements EntryAddedListener<String, User>,
                    EntryUpdatedListener<String, User>,
                    EntryRemovedListener<String, User>,
                    EntryLoadedListener<String, User> {
        private final Consumer<String> listener;

        Changes(Consumer<String> listener) {
            this.listener = listener;
        }

        @Override
        public void entryAdded(EntryEvent<String, User> event) {
            listener.accept(event.getKey());
        }

        @Override
        public void entryUpdated(EntryEvent<String, User> event) {
            listener.accept(event.getKey());
        }

        @Override
        public void entryRemoved(EntryEvent<String, User> event) {
            listener.accept(event.getKey());
        }

        @Override
        public void entryLoaded(EntryEvent<String, User> event) {
            // the account is as it was
        }
    }
}
