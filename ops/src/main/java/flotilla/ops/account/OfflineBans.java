package flotilla.ops.account;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.accounts.JdbcBanStore;
import java.util.List;

/** The bans in their database, for a time when no server runs here. */
final class OfflineBans implements BanStore {
    /** As many as login.max-kept-bans can allow. */
    private static final int MOST = 100_000;

    private final JdbcBanStore store;
    private final OfflineStore.Note audit;

    OfflineBans(JdbcBanStore store, OfflineStore.Note audit) {
        this.store = store;
        this.audit = audit;
    }

    @Override
    public List<Ban> list() {
        return store.list(MOST);
    }

    @Override
    public void put(Ban ban) {
        if (!audit.of("ban", ban.block(), List.of(), () -> "too-many", () -> store.put(ban, MOST))) {
            throw new IllegalStateException("there are too many bans");
        }
    }
}
