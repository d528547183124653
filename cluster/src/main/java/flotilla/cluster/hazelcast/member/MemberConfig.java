package flotilla.cluster.hazelcast.member;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import flotilla.cluster.AlertBoard;
import flotilla.cluster.Bans;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.FailureDetection;
import flotilla.cluster.Figures;
import flotilla.cluster.Freezes;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.SignIns;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.Factory;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.hazelcast.entry.Stored;
import flotilla.cluster.hazelcast.entry.TicketRing;
import flotilla.cluster.protection.ClusterSecrets;
import flotilla.cluster.protection.Seal;
import flotilla.cluster.wire.WireCodec;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The configuration of this node's Hazelcast. */
public final class MemberConfig {
    /**
     * The properties that differ from Hazelcast's defaults.
     *
     * <p>With write-through, the output thread spins on a connection whose peer was stopped before the first bytes were
     * exchanged. There is one such thread for all connections, so the heartbeats to all other members stop.
     *
     * <p>The seconds of a mastership claim are also its number of tries. With the short pause between tries, a few of
     * them are over before the other members notice that the master left. Those members are then taken for lost, and
     * the cluster splits. A claim does not wait for suspected members.
     *
     * <p>An operation may be done while its backup does not answer, because the backup's member hangs or has just
     * joined. Hazelcast checks for that once a second and answers without the backup after the backup timeout. The
     * default of five seconds is longer than {@code limits.operation-timeout}.
     */
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.logging.details.enabled", "false"), // the cluster's name is secret
            Map.entry("hazelcast.discovery.enabled", "true"),
            Map.entry("hazelcast.query.reflectiveAttributeLookupPolicy", "no-access"),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.mastership.claim.timeout.seconds", "120"),
            Map.entry("hazelcast.operation.call.timeout.millis", "3000"),
            Map.entry("hazelcast.operation.backup.timeout.millis", "1500"), // callers give up later than that
            Map.entry("hazelcast.invocation.retry.pause.millis", "100"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "300"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "15"),
            Map.entry("hazelcast.socket.bind.any", "false"),
            Map.entry("hazelcast.health.monitoring.level", "OFF"),
            Map.entry("hazelcast.partition.migration.interval", "0"),
            Map.entry("hazelcast.partition.max.parallel.migrations", "2"), // keeps operations fast during a join
            Map.entry("hazelcast.partition.max.parallel.replications", "2"),
            Map.entry("hazelcast.partition.chunked.max.migrating.data.in.mb", "8"),
            Map.entry("hazelcast.io.thread.count", "3"),
            Map.entry("hazelcast.io.write.through", "false"),
            Map.entry("hazelcast.event.thread.count", "1"),
            Map.entry("hazelcast.clientengine.thread.count", "1"),
            Map.entry("hazelcast.clientengine.query.thread.count", "1"),
            Map.entry("hazelcast.clientengine.blocking.thread.count", "1"));

    /** Hazelcast's type ids of the stored records. An id is never reused. */
    static final Map<Integer, Class<?>> RECORDS = Map.of(
            1100, User.class,
            1104, Bans.Ban.class,
            1106, TicketRing.class,
            1107, QuotaRecord.class,
            1108, NodeBoard.NodeState.class,
            1111, Freezes.Freeze.class,
            1113, Figures.Minute.class,
            1121, AlertBoard.NodeReadings.class,
            1122, AlertBoard.Alert.class,
            1123, SignIns.SignIn.class);

    private MemberConfig() {}

    /**
     * Makes the configuration of a member.
     *
     * @param port of Hazelcast
     * @param codec encodes the stored records
     * @param secrets the cluster's name and the seal of its values
     * @param maps the configuration of the maps
     * @param members the Hazelcast addresses of the other members, as of now
     */
    public static Config of(
            ClusterSettings settings,
            int port,
            WireCodec codec,
            ClusterSecrets secrets,
            MapConfigs maps,
            Supplier<List<Address>> members) {
        Config config = new Config();
        config.setClassLoader(MemberConfig.class.getClassLoader());
        MemberIds.give(config);
        config.setClusterName(secrets.clusterName());
        config.setInstanceName("flotilla-" + settings.self().name() + '-' + port);
        PROPERTIES.forEach(config::setProperty);
        config.setProperty(
                "hazelcast.partition.count", Integer.toString(settings.shared().partitions()));
        config.setProperty(
                "hazelcast.max.no.heartbeat.seconds",
                silenceSeconds(settings.network().failureDetection()));
        config.setProperty("hazelcast.local.localAddress", settings.network().bind());
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        network(config.getAdvancedNetworkConfig(), settings.network().bind(), port, members);
        config.getManagementCenterConfig()
                .setScriptingEnabled(false)
                .setConsoleEnabled(false)
                .setDataAccessEnabled(false);
        serialization(config.getSerializationConfig(), codec, secrets.seal());
        maps.addTo(config);
        return config;
    }

    /** Hazelcast has to suspect a silent member before Pekko removes it. */
    private static String silenceSeconds(FailureDetection detection) {
        return detection == FailureDetection.FAST ? "4" : "12";
    }

    /** Opens one port, for members only: no clients, no REST, no memcached, no WAN. */
    private static void network(AdvancedNetworkConfig network, String bind, int port, Supplier<List<Address>> members) {
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(port).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface(bind);
        network.setEnabled(true).setMemberEndpointConfig(endpoint);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(false);
        join.getDiscoveryConfig().addDiscoveryStrategyConfig(new DiscoveryStrategyConfig(new PekkoDiscovery(members)));
    }

    private static void serialization(SerializationConfig serialization, WireCodec codec, Seal seal) {
        serialization.addDataSerializableFactory(Stored.FACTORY, new Factory());
        // Defaults stay on: a narrower list makes operations hang instead of fail.
        serialization.setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
        RECORDS.forEach((id, type) -> serialization.addSerializerConfig(new SerializerConfig()
                .setTypeClass(type)
                .setImplementation(new RecordSerializer<>(type, id, codec, seal))));
    }
}
