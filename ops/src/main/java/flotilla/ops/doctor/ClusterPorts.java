package flotilla.ops.doctor;

import flotilla.cluster.ClusterSettings.Network;
import flotilla.cluster.Seeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ports between nodes: that of each seed, and Hazelcast's port there, which usually is the same on all nodes. */
final class ClusterPorts implements Check {
    private static final int MOST = 50;

    @Override
    public List<Outcome> look(Patient patient) throws IOException {
        Network network = patient.configuration().cluster().network();
        List<Outcome> found = new ArrayList<>();
        for (String seed : seeds(network.seeds(), found)) {
            int colon = seed.lastIndexOf(':');
            String host = seed.substring(0, colon).replaceAll("[\\[\\]]", "");
            found.add(said(host, Integer.parseInt(seed.substring(colon + 1)), "", patient));
            if (network.hazelcastPort() != 0) {
                found.add(said(host, network.hazelcastPort(), " (Hazelcast)", patient));
            }
        }
        return found;
    }

    private static Set<String> seeds(Seeds seeds, List<Outcome> found) throws IOException {
        Set<String> all = new LinkedHashSet<>(seeds.nodes());
        Path file = seeds.file();
        if (file != null && Files.isReadable(file)) {
            Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(Seeds::isEndpoint)
                    .limit(MOST)
                    .forEach(all::add);
        }
        if (!seeds.dns().isEmpty()) {
            int colon = seeds.dns().lastIndexOf(':');
            String name = seeds.dns().substring(0, colon);
            try {
                for (InetAddress address : InetAddress.getAllByName(name)) {
                    all.add("[" + address.getHostAddress() + "]" + seeds.dns().substring(colon));
                }
            } catch (UnknownHostException e) {
                found.add(Outcome.fail(
                        "cluster.seeds-dns " + name + " leads nowhere.",
                        "Mend the name: no node can join without it."));
            }
        }
        return all;
    }

    /** A refusal comes from a machine that can be reached; its node may just not run. */
    private static Outcome said(String host, int port, String what, Patient patient) {
        Optional<String> trouble = Dial.trouble(host, port, patient.timeout());
        if (trouble.isEmpty()) {
            return Outcome.ok("The node " + host + " answers at port " + port + what + ".");
        }
        String text = "The node " + host + ", port " + port + what + ": " + trouble.get() + ".";
        return trouble.get().contains("refused")
                ? Outcome.warn(text, "No node runs there now, or its cluster.port is another one.")
                : Outcome.fail(text, "Open the ports between nodes in each firewall, or mend the name.");
    }
}
