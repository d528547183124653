package flotilla.cluster.forming;

import static flotilla.cluster.forming.OtherFirstNodes.Standing.ENDED;
import static flotilla.cluster.forming.OtherFirstNodes.Standing.MEMBER;
import static flotilla.cluster.forming.OtherFirstNodes.Standing.SILENT;
import static flotilla.cluster.forming.OtherFirstNodes.Standing.UNREACHABLE;
import static flotilla.cluster.forming.OtherFirstNodes.Standing.WAITING;
import static flotilla.cluster.forming.OtherFirstNodes.allowForming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

/** Tests when a first node may form a cluster. */
class OtherFirstNodesTest {
    @Test
    void itMayWhenAllOthersAreKnownToBeInNone() {
        assertTrue(allowForming(List.of(WAITING, WAITING)));
        assertTrue(allowForming(List.of(ENDED, WAITING)));
        assertTrue(allowForming(List.of(ENDED, ENDED)));
        assertTrue(allowForming(List.of(ENDED)));
    }

    @Test
    void itMayNotWhenOneIsInAClusterOrDoesNotSay() {
        assertFalse(allowForming(List.of(ENDED, MEMBER)));
        assertFalse(allowForming(List.of(WAITING, SILENT)));
        assertFalse(allowForming(List.of(SILENT)));
    }

    @Test
    void aNodeThatIsCutOffFromMostFormsNoSecondCluster() {
        assertFalse(allowForming(List.of(UNREACHABLE)));
        assertFalse(allowForming(List.of(UNREACHABLE, UNREACHABLE)));
        assertFalse(allowForming(List.of(UNREACHABLE, UNREACHABLE, WAITING)));
    }

    @Test
    void aLostHostDoesNotHoldUpTheOthers() {
        assertTrue(allowForming(List.of(UNREACHABLE, WAITING)));
        assertTrue(allowForming(List.of(UNREACHABLE, ENDED)));
    }

    /** A hung process accepts no connections. Once its accept queue is full, the host looks lost. */
    @Test
    void whoWasSilentStaysSoWhenItsQueueIsFull() throws Exception {
        ActorTestKit kit = kit("");
        try {
            OtherFirstNodes others;
            Endpoint node;
            try (ServerSocket hung = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                node = new Endpoint(hung.getInetAddress(), hung.getLocalPort());
                others = new OtherFirstNodes(kit.system(), List.of(node));
                assertEquals(Map.of(node, SILENT), others.look());
                fillQueueOf(node);
                assertEquals(Map.of(node, UNREACHABLE), new OtherFirstNodes(kit.system(), List.of(node)).look());
                assertEquals(Map.of(node, SILENT), others.look());
            }
            assertEquals(Map.of(node, ENDED), others.look());
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void aNodeThatRunsAndIsInNoClusterWaits() throws Exception {
        ActorTestKit kit = kit("");
        ActorTestKit other = kit("");
        try {
            Address address = other.system().address();
            Endpoint node = new Endpoint(
                    InetAddress.getByName(address.getHost().orElseThrow()),
                    address.getPort().orElseThrow());
            assertEquals(Map.of(node, WAITING), new OtherFirstNodes(kit.system(), List.of(node)).look());
        } finally {
            other.shutdownTestKit();
            kit.shutdownTestKit();
        }
    }

    /** A port that closes each connection, as one does that refuses the certificate. */
    @Test
    void aPortThatClosesEachConnectionIsSilent() throws Exception {
        ActorTestKit kit = kit("pekko.remote.artery.advanced { outbound-restart-backoff = 20ms,"
                + " outbound-max-restarts = 2, outbound-restart-timeout = 60s }");
        try (ServerSocket refusing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread closing = new Thread(() -> {
                try {
                    while (true) {
                        refusing.accept().close();
                    }
                } catch (IOException closed) {
                    // the end of the test
                }
            });
            closing.setDaemon(true);
            closing.start();
            Endpoint node = new Endpoint(refusing.getInetAddress(), refusing.getLocalPort());
            OtherFirstNodes others = new OtherFirstNodes(kit.system(), List.of(node));
            for (int look = 0; look < 4; look++) {
                assertEquals(Map.of(node, SILENT), others.look());
            }
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static ActorTestKit kit(String settings) {
        return ActorTestKit.create(
                "nodes",
                ConfigFactory.parseString(
                        "pekko { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote, remote.warn-about-direct-use = off,"
                                + " remote.artery { transport = tcp, canonical { hostname = 127.0.0.1, port = 0 } } }\n"
                                + settings));
    }

    private static void fillQueueOf(Endpoint node) {
        int queued = 0;
        while (PortProbe.of(node.address().getHostAddress(), node.port()) == PortProbe.ACCEPTS) {
            assertTrue(++queued < 50, "the queue has no end");
        }
    }
}
