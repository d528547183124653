package flotilla.ops.doctor;

import flotilla.node.control.ControlSettings.Listeners;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The listeners on this machine: they answer while the server runs, and are free while it does not. */
final class OwnPorts implements Check {
    @Override
    public List<Outcome> look(Patient patient) {
        boolean isRunning =
                AdminClient.forCommands(patient.configuration().dataDir()).isPresent();
        Listeners listeners = patient.configuration().node().control().listeners();
        List<Integer> passive = patient.configuration().node().data().ports();
        List<Outcome> found = new ArrayList<>();
        for (InetAddress address : listeners.bind()) {
            for (int port : some(listeners, passive)) {
                Optional<Outcome> trouble = isRunning ? answers(address, port, patient) : isFree(address, port);
                trouble.ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            found.add(Outcome.ok(
                    isRunning
                            ? "The running server answers at its ports."
                            : "No server runs, and its ports are free."));
        }
        return found;
    }

    /** Returns the ports of control connections, and a few passive ones. */
    static Set<Integer> some(Listeners listeners, List<Integer> passive) {
        Set<Integer> ports = new LinkedHashSet<>(List.of(listeners.explicitPort(), listeners.implicitPort()));
        if (!passive.isEmpty()) {
            ports.add(passive.get(0));
            ports.add(passive.get(passive.size() / 2));
            ports.add(passive.get(passive.size() - 1));
        }
        ports.remove(0);
        return ports;
    }

    private static Optional<Outcome> answers(InetAddress address, int port, Patient patient) {
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return Dial.trouble(host, port, patient.timeout())
                .map(why -> Outcome.fail(
                        "The server runs, but not " + host + ", port " + port + ": " + why + ".",
                        "See its log; after a change of the configuration, restart it."));
    }

    private static Optional<Outcome> isFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Outcome.fail(
                    "The server could not listen at " + address.getHostAddress() + ", port " + port + ": "
                            + e.getMessage() + ".",
                    port < 1024
                            ? "See who has it (ss -ltnp). Ports below 1024 need AmbientCapabilities=CAP_NET_BIND_SERVICE."
                            : "See who has it (ss -ltnp), or choose another."));
        }
    }
}
