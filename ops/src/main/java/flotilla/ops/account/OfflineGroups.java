package flotilla.ops.account;

import flotilla.cluster.Group;
import flotilla.cluster.Groups.Removal;
import flotilla.cluster.accounts.JdbcGroupStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The groups in their database, for a time when no server runs here. */
final class OfflineGroups implements GroupStore {
    private final JdbcGroupStore store;
    private final OfflineStore.Note audit;

    OfflineGroups(JdbcGroupStore store, OfflineStore.Note audit) {
        this.store = store;
        this.audit = audit;
    }

    @Override
    public Optional<Group> find(String name) {
        return store.find(name);
    }

    @Override
    public boolean add(Group group) {
        return audit.of("group-add", group.name(), List.of(), () -> "taken", () -> store.add(group));
    }

    @Override
    public boolean set(Group group) {
        Optional<Group> before = store.find(group.name());
        List<String> changed = before.map(old -> AccountChanges.between(old.settings(), group.settings()))
                .orElse(List.of());
        return audit.of("group-set", group.name(), changed, () -> OfflineStore.NOT_FOUND, () -> {
            before.ifPresent(old -> store.put(group));
            return before.isPresent();
        });
    }

    @Override
    public Removal remove(String name, boolean force) {
        Removal[] removal = {Removal.MISSING};
        audit.of("group-remove", name, List.of(), () -> result(removal[0]), () -> {
            removal[0] = store.remove(name, force);
            return removal[0] == Removal.REMOVED;
        });
        return removal[0];
    }

    private static String result(Removal removal) {
        return removal == Removal.MISSING
                ? OfflineStore.NOT_FOUND
                : removal.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public List<Group> list(String after, int limit) {
        return store.list(after, limit);
    }
}
