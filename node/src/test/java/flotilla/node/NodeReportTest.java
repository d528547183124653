package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.hazelcast.RecordTable;
import flotilla.cluster.wire.WireCodec;
import flotilla.cluster.wire.WireTypes;
import flotilla.node.overview.OverviewMessage.NodeView;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node reports the addresses of its listeners as a balancer must dial them. */
class NodeReportTest {
    @Test
    void aListenerOnEveryAddressIsTakenToBeAtThatOfTheCluster() throws Exception {
        List<InetAddress> bind = List.of(InetAddress.getByName("0.0.0.0"), InetAddress.getByName("::"));
        assertEquals(List.of("10.0.0.1"), NodeReport.dialled(bind, "10.0.0.1"));
    }

    @Test
    void othersAreToldAsTheyAre() throws Exception {
        List<InetAddress> bind = List.of(InetAddress.getByName("192.0.2.7"), InetAddress.getByName("192.0.2.8"));
        assertEquals(List.of("192.0.2.7", "192.0.2.8"), NodeReport.dialled(bind, "10.0.0.1"));
    }

    @Test
    void theyTravel() throws Exception {
        WireCodec codec = new WireCodec(WireTypes.of(RecordTable.types(), WireTable.types()));
        NodeView view = new NodeView(
                "n",
                "10.0.0.1",
                "1",
                List.of("edge"),
                Instant.EPOCH,
                1,
                2,
                3,
                4,
                5,
                false,
                List.of(),
                List.of("a"),
                7,
                Map.of(NodeView.LOGINS, 3L));
        assertEquals(view, codec.decode(codec.encode(view)));
    }
}
