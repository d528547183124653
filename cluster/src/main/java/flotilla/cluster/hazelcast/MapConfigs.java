package flotilla.cluster.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import flotilla.cluster.ClusterSettings.Database;
import java.util.List;

/**
 * The maps: their names and how each is kept. What is sealed is kept as objects, not as bytes: then whoever sends it on seals it anew,
 * and nothing is left that only a key opens which was replaced long ago.
 */
final class MapConfigs {
    static final String USERS = "users";
    static final String USER_CHANGES = "user-changes";
    static final String LIMITS = "limits";
    static final String BANS = "bans";
    static final String TRACES = "traces";
    static final String LOGIN_FAILURES = "login-failures";
    static final String PASSIVE_LEASES = "passive-leases";
    static final String SESSIONS = "sessions";
    static final String TICKET_KEYS = "ticket-keys";
    static final String UPLOAD_LOCKS = "upload-locks";
    static final String QUOTA = "quota";
    static final String NODES = "nodes";
    static final String RATES = "rates";
    static final String AGREEMENTS = "agreements";

    /** The maps whose values belong to members. */
    static final List<String> HELD = List.of(LIMITS, PASSIVE_LEASES, UPLOAD_LOCKS, SESSIONS, RATES);

    private static final int MERGE_BATCH = 100;
    private static final int MAX_FAILING_ADDRESSES = 100_000;

    private final Database database;
    private final int maxBans;
    private final QuotaBook quotas;

    MapConfigs(Database database, int maxBans, QuotaBook quotas) {
        this.database = database;
        this.maxBans = maxBans;
        this.quotas = quotas;
    }

    void addTo(Config config) {
        for (String name : HELD) {
            config.addMapConfig(map(name, InMemoryFormat.OBJECT));
        }
        config.addMapConfig(map(BANS, InMemoryFormat.OBJECT).setEvictionConfig(atMost(maxBans)));
        config.addMapConfig(map(TICKET_KEYS, InMemoryFormat.OBJECT));
        config.addMapConfig(map(AGREEMENTS, InMemoryFormat.BINARY));
        config.addMapConfig(map(TRACES, InMemoryFormat.BINARY));
        config.addMapConfig(
                map(LOGIN_FAILURES, InMemoryFormat.OBJECT).setEvictionConfig(atMost(MAX_FAILING_ADDRESSES)));
        config.addReplicatedMapConfig(new ReplicatedMapConfig(NODES)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setStatisticsEnabled(false));
        config.addMapConfig(users());
        config.addMapConfig(map(QUOTA, InMemoryFormat.OBJECT));
        config.getUserContext().put(USERS, new AccountVersions());
        config.getUserContext().put(QUOTA, quotas);
    }

    /** Copies of what the database has. How old they may be is up to who reads them ({@link SharedUsers}). */
    private MapConfig users() {
        return map(USERS, InMemoryFormat.OBJECT)
                .setBackupCount(0)
                .setEvictionConfig(atMost(database.maxCachedUsers()))
                .setTimeToLiveSeconds((int) Math.max(
                        SharedUsers.FRESH.toSeconds(), database.staleFor().toSeconds()));
    }

    private static MapConfig map(String name, InMemoryFormat format) {
        return new MapConfig(name)
                .setInMemoryFormat(format)
                .setBackupCount(1)
                .setStatisticsEnabled(false)
                .setMergePolicyConfig(new MergePolicyConfig(MergeAfterSplit.class.getName(), MERGE_BATCH));
    }

    private static EvictionConfig atMost(int entries) {
        return new EvictionConfig()
                .setEvictionPolicy(EvictionPolicy.LRU)
                .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                .setSize(entries);
    }
}
