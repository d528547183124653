package flotilla.ops.config;

import flotilla.cluster.ClusterSettings;
import flotilla.node.NodeSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds ports that are configured twice on the same address. */
final class PortChecks {
    private record Taken(List<InetAddress> bind, String key) {}

    private final Keys keys;
    private final Map<Integer, List<Taken>> byPort = new HashMap<>();

    PortChecks(Keys keys) {
        this.keys = keys;
    }

    void check(NodeSettings node, ClusterSettings cluster, AdminSettings admin, Optional<AcmeSettings> acme) {
        List<InetAddress> listeners = node.control().listeners().bind();
        int explicit = node.control().listeners().explicitPort();
        int implicit = node.control().listeners().implicitPort();
        if (explicit == 0 && implicit == 0) {
            keys.note(
                    "flotilla.listeners.explicit.port",
                    "and flotilla.listeners.implicit.port are both 0: nothing to listen on");
        }
        add(listeners, explicit, "flotilla.listeners.explicit.port");
        add(listeners, implicit, "flotilla.listeners.implicit.port");
        node.data().ports().forEach(port -> add(listeners, port, "flotilla.passive.ports"));
        add(listeners, node.data().activePort(), "flotilla.active.source-port");
        List<InetAddress> own = List.of(address(cluster.network().bind()));
        add(own, cluster.network().remotingPort(), "flotilla.cluster.port");
        add(own, cluster.network().hazelcastPort(), "flotilla.cluster.hazelcast-port");
        boolean firm = admin.enabled() && !admin.mayMove();
        acme.map(AcmeSettings::proof)
                .filter(proof -> proof.challenge() == AcmeSettings.Challenge.HTTP)
                .ifPresent(proof -> add(proof.httpBind(), proof.httpPort(), "flotilla.tls.acme.http-port"));
        add(List.of(admin.bind()), firm ? admin.port() : 0, "flotilla.admin.port");
    }

    private static InetAddress address(String bind) {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException alreadyNoted) {
            return InetAddress.getLoopbackAddress();
        }
    }

    private void add(List<InetAddress> bind, int port, String key) {
        if (port == 0) {
            return;
        }
        List<Taken> taken = byPort.computeIfAbsent(port, any -> new ArrayList<>(2));
        taken.stream()
                .filter(other -> meet(other.bind, bind))
                .findFirst()
                .ifPresentOrElse(
                        other -> keys.note(key, "overlaps with " + other.key + ": " + port),
                        () -> taken.add(new Taken(bind, key)));
    }

    private static boolean meet(List<InetAddress> some, List<InetAddress> others) {
        return some.stream().anyMatch(one -> others.stream()
                .anyMatch(other -> one.isAnyLocalAddress() || other.isAnyLocalAddress() || other.equals(one)));
    }
}
