package flotilla.ops.account;

import flotilla.cluster.Overrides;
import java.util.Map;

/** The values of keys that hold on every node, for the command line; as {@link UserStore} for accounts. */
public interface SettingStore {
    /** Returns the values by key. */
    Map<String, Overrides.Value> all();

    /** Sets a key. */
    void put(String key, Overrides.Value value);
}
