package flotilla.cluster.hazelcast.member;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.hazelcast.entry.AccountCopy;
import flotilla.cluster.hazelcast.entry.AccountVersions;
import flotilla.cluster.hazelcast.entry.MapNames;
import flotilla.cluster.hazelcast.entry.MergeAfterSplit;
import flotilla.cluster.hazelcast.entry.QuotaBook;

/**
 * The configuration of each map. Sealed values are kept as objects, not as bytes. Each member then seals them again
 * when it sends them, and no value remains that only a replaced key opens.
 */
public final class MapConfigs {
    private static final int MERGE_BATCH = 100;
    private static final int MAX_FAILING_ADDRESSES = 100_000;

    private final Database database;
    private final int maxBans;
    private final QuotaBook quotas;

    /** Sets up the maps for a member whose steps note changed usages in {@code quotas}. */
    public MapConfigs(Database database, int maxBans, QuotaBook quotas) {
        this.database = database;
        this.maxBans = maxBans;
        this.quotas = quotas;
    }

    void addTo(Config config) {
        for (String name : MapNames.HELD) {
            config.addMapConfig(map(name, InMemoryFormat.OBJECT));
        }
        config.addMapConfig(map(MapNames.BANS, InMemoryFormat.OBJECT).setEvictionConfig(atMost(maxBans)));
        config.addMapConfig(map(MapNames.TICKET_KEYS, InMemoryFormat.OBJECT));
        config.addMapConfig(map(MapNames.AGREEMENTS, InMemoryFormat.BINARY));
        config.addMapConfig(map(MapNames.READINGS, InMemoryFormat.OBJECT));
        config.addMapConfig(map(MapNames.ALERTS, InMemoryFormat.OBJECT));
        config.addMapConfig(map(MapNames.SIGN_INS, InMemoryFormat.OBJECT));
        config.addMapConfig(map(MapNames.TRACES, InMemoryFormat.BINARY));
        config.addMapConfig(map(MapNames.FREEZES, InMemoryFormat.OBJECT));
        config.addMapConfig(map(MapNames.FIGURES, InMemoryFormat.OBJECT));
        config.addMapConfig(map(MapNames.WRITE_STOP, InMemoryFormat.BINARY));
        config.addMapConfig(
                map(MapNames.LOGIN_FAILURES, InMemoryFormat.OBJECT).setEvictionConfig(atMost(MAX_FAILING_ADDRESSES)));
        config.addReplicatedMapConfig(new ReplicatedMapConfig(MapNames.NODES)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setStatisticsEnabled(false));
        config.addMapConfig(users());
        config.addMapConfig(map(MapNames.QUOTA, InMemoryFormat.OBJECT));
        config.getUserContext().put(MapNames.USERS, new AccountVersions());
        config.getUserContext().put(MapNames.QUOTA, quotas);
    }

    /**
     * The map of copies of accounts. Its entries live as long as any reader may use them: readers decide how old a copy
     * may be.
     */
    private MapConfig users() {
        return map(MapNames.USERS, InMemoryFormat.OBJECT)
                .setBackupCount(0)
                .setEvictionConfig(atMost(database.maxCachedUsers()))
                .setTimeToLiveSeconds((int) Math.max(
                        AccountCopy.FRESH.toSeconds(), database.staleFor().toSeconds()));
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
