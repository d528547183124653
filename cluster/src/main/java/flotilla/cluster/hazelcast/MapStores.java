package flotilla.cluster.hazelcast;

import com.hazelcast.map.MapStore;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.jdbc.JdbcQuotaStore;
import flotilla.cluster.jdbc.JdbcUserStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where Hazelcast's maps read and write the database. */
final class MapStores {
    private MapStores() {}

    /** A store that loads nothing ahead. The database may still be opening when it is made. */
    private abstract static class Lazy<V> implements MapStore<String, V> {
        abstract Optional<V> find(String key);

        @Override
        public @Nullable V load(String key) {
            return find(key).orElse(null);
        }

        @Override
        public Map<String, V> loadAll(Collection<String> keys) {
            Map<String, V> found = new HashMap<>();
            keys.forEach(key -> find(key).ifPresent(value -> found.put(key, value)));
            return found;
        }

        @Override
        public Iterable<String> loadAllKeys() {
            return List.of();
        }

        @Override
        public void deleteAll(Collection<String> keys) {
            keys.forEach(this::delete);
        }
    }

    /** Accounts. */
    static final class Users extends Lazy<User> {
        private final Supplier<JdbcUserStore> store;

        Users(Supplier<JdbcUserStore> store) {
            this.store = store;
        }

        @Override
        Optional<User> find(String name) {
            return store.get().find(name);
        }

        @Override
        public void store(String name, User user) {
            store.get().put(user);
        }

        @Override
        public void storeAll(Map<String, User> users) {
            users.values().forEach(store.get()::put);
        }

        @Override
        public void delete(String name) {
            store.get().remove(name);
        }
    }

    /** What users have stored. */
    static final class Quotas extends Lazy<Usage> {
        private final Supplier<JdbcQuotaStore> store;

        Quotas(Supplier<JdbcQuotaStore> store) {
            this.store = store;
        }

        @Override
        Optional<Usage> find(String user) {
            return store.get().find(user);
        }

        @Override
        public void store(String user, Usage usage) {
            store.get().putAll(Map.of(user, usage));
        }

        @Override
        public void storeAll(Map<String, Usage> usages) {
            store.get().putAll(usages);
        }

        @Override
        public void delete(String user) {
            store.get().remove(user);
        }
    }
}
