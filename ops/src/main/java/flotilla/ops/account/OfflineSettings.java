package flotilla.ops.account;

import flotilla.cluster.Overrides;
import flotilla.cluster.accounts.JdbcOverrides;
import java.util.List;
import java.util.Map;

/** The values of keys in their database, for a time when no server runs here. */
final class OfflineSettings implements SettingStore {
    private final JdbcOverrides store;
    private final OfflineStore.Note audit;

    OfflineSettings(JdbcOverrides store, OfflineStore.Note audit) {
        this.store = store;
        this.audit = audit;
    }

    @Override
    public Map<String, Overrides.Value> all() {
        return store.all();
    }

    @Override
    public void put(String key, Overrides.Value value) {
        boolean unused = audit.of("set", key, List.of(), () -> "", () -> {
            store.set(key, value);
            return true;
        });
    }
}
