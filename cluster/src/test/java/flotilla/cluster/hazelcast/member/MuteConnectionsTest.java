package flotilla.cluster.hazelcast.member;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.server.Server;
import com.hazelcast.internal.server.ServerConnection;
import flotilla.cluster.hazelcast.TestNodes;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Connects a real Hazelcast to a port whose process accepts no connection, as a hung process does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MuteConnectionsTest {
    private final HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config());
    private final Server server =
            ((HazelcastInstanceProxy) hazelcast).getOriginal().node.getServer();
    private boolean reachable;
    private boolean handshaking;
    private long now = Long.MAX_VALUE - 100;
    private final MuteConnections mute =
            new MuteConnections(server::getConnections, address -> reachable, connection -> handshaking, () -> now);

    private static Config config() {
        Config config = new Config();
        config.setClusterName(UUID.randomUUID().toString());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        return config;
    }

    @AfterAll
    void stop() {
        hazelcast.shutdown();
    }

    private ServerConnection connect(ServerSocket hung) throws Exception {
        Address address = new Address(hung.getInetAddress(), hung.getLocalPort());
        server.getConnectionManager(EndpointQualifier.MEMBER).getOrConnect(address);
        TestNodes.eventually(
                () -> server.getConnections().stream().anyMatch(c -> address.equals(c.getRemoteAddress())));
        return server.getConnections().stream()
                .filter(connection -> address.equals(connection.getRemoteAddress()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneToAMemberThatHangsIsClosedAtTheSecondLookAndMadeAnewWhenItIsNeeded() throws Exception {
        reachable = false;
        try (ServerSocket hung = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            ServerConnection first = connect(hung);
            mute.look();
            assertTrue(first.isAlive());
            now += MuteConnections.LOOK_MILLIS;
            mute.look();
            assertFalse(first.isAlive());
            ServerConnection second = connect(hung);
            assertNotSame(first, second);
            second.close("the test ends", null);
        }
    }

    @Test
    void theTimeOfOneToAMemberThatIsWellBeginsAfterTheHandshake() throws Exception {
        reachable = true;
        handshaking = true;
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            ServerConnection connection = connect(slow);
            mute.look();
            now += 4_000;
            mute.look();
            handshaking = false;
            mute.look();
            now += 2_999;
            mute.look();
            assertTrue(connection.isAlive());
            now += 1;
            mute.look();
            assertFalse(connection.isAlive());
        } finally {
            handshaking = false;
        }
    }

    @Test
    void oneToAMemberThatIsWellHasTimeToBeGreeted() throws Exception {
        reachable = true;
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            ServerConnection connection = connect(slow);
            mute.look();
            now += 2_999;
            mute.look();
            assertTrue(connection.isAlive());
            now += 1;
            mute.look();
            assertFalse(connection.isAlive());
        }
    }
}
