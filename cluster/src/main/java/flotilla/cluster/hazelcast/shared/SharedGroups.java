package flotilla.cluster.hazelcast.shared;

import flotilla.cluster.Group;
import flotilla.cluster.Groups;
import flotilla.cluster.stage.Voids;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The groups, in the database and the map of the accounts. */
final class SharedGroups implements Groups {
    private final AccountCopies copies;

    SharedGroups(AccountCopies copies) {
        this.copies = copies;
    }

    @Override
    public CompletionStage<Optional<Group>> find(String name) {
        return copies.find(AccountCopies.groupKey(name))
                .thenApply(found -> found.map(settings -> new Group(name, settings)));
    }

    @Override
    public CompletionStage<Void> put(Group group) {
        return copies.change(
                        AccountCopies.groupKey(group.name()),
                        () -> {
                            copies.store().groups().put(group);
                            return true;
                        },
                        changed -> changed)
                .thenApply(Voids::of);
    }

    @Override
    public CompletionStage<Boolean> add(Group group) {
        return copies.change(
                AccountCopies.groupKey(group.name()),
                () -> copies.store().groups().add(group),
                added -> added);
    }

    @Override
    public CompletionStage<Boolean> replace(Group before, Group after) {
        return copies.change(
                AccountCopies.groupKey(before.name()),
                () -> copies.store().groups().replace(before, after),
                replaced -> replaced);
    }

    @Override
    public CompletionStage<Removal> remove(Group before, boolean force) {
        return copies.change(
                AccountCopies.groupKey(before.name()),
                () -> copies.store().groups().remove(before, force),
                removal -> removal == Removal.REMOVED);
    }

    @Override
    public CompletionStage<Removal> remove(String name, boolean force) {
        return copies.change(
                AccountCopies.groupKey(name),
                () -> copies.store().groups().remove(name, force),
                removal -> removal == Removal.REMOVED);
    }

    @Override
    public CompletionStage<List<Group>> list(String after, int limit) {
        return copies.query(store -> store.groups().list(after, limit));
    }
}
