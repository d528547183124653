package flotilla.ops.backup;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.Group;
import flotilla.cluster.Overrides;
import flotilla.cluster.User;
import java.util.List;
import java.util.Map;

/**
 * What a backup takes from the database.
 *
 * @param users the accounts with the hashes of their passwords
 * @param bans those that are kept
 * @param settings the values of keys that hold on every node
 */
public record DatabaseContent(
        List<User> users, List<Group> groups, List<Ban> bans, Map<String, Overrides.Value> settings) {
    /** Nothing, as of a server that has not run yet. */
    public static final DatabaseContent NONE = new DatabaseContent(List.of(), List.of(), List.of(), Map.of());

    public DatabaseContent {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        bans = List.copyOf(bans);
        settings = Map.copyOf(settings);
    }
}
