package flotilla.ops.doctor;

import flotilla.ops.config.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The range from which outgoing connections take their ports. A port of it may be taken when the server starts. */
final class LocalPorts implements Check {
    private static final String RESERVED = "net.ipv4.ip_local_reserved_ports";

    @Override
    public List<Outcome> look(Patient patient) {
        List<Long> range = patient.kernel().numbers("proc/sys/net/ipv4/ip_local_port_range");
        if (range.size() != 2) {
            return List.of(Outcome.unknown());
        }
        Set<Integer> reserved = ports(patient.kernel()
                .text("proc/sys/net/ipv4/ip_local_reserved_ports")
                .orElse(""));
        List<Outcome> found = new ArrayList<>();
        String said = range.get(0) + "-" + range.get(1);
        own(patient.configuration()).forEach((key, ports) -> {
            Set<Integer> inside = new TreeSet<>(ports);
            inside.removeIf(port -> port < range.get(0) || port > range.get(1) || reserved.contains(port));
            if (!inside.isEmpty()) {
                found.add(Outcome.warn(
                        key + " " + shown(inside) + ": outgoing connections take ports from " + said
                                + ", also these, and the server then cannot start.",
                        "Choose others, or reserve them: sysctl -w " + RESERVED + "=" + shown(inside) + " (with those"
                                + " that are reserved already)."));
            }
        });
        return found.isEmpty()
                ? List.of(Outcome.ok("Outgoing connections take ports from " + said + ", none of the server's."))
                : found;
    }

    private static Map<String, List<Integer>> own(Configuration configuration) {
        Map<String, List<Integer>> own = new LinkedHashMap<>();
        var listeners = configuration.node().control().listeners();
        var network = configuration.cluster().network();
        own.put("listeners.explicit.port", List.of(listeners.explicitPort()));
        own.put("listeners.implicit.port", List.of(listeners.implicitPort()));
        own.put("passive.ports", configuration.node().data().ports());
        own.put("cluster.port", List.of(network.remotingPort()));
        own.put("cluster.hazelcast-port", List.of(network.hazelcastPort()));
        own.put("admin.port", List.of(configuration.admin().port()));
        return own;
    }

    /** Reads ports such as {@code 2121,50000-50100}. */
    private static Set<Integer> ports(String text) {
        Set<Integer> ports = new TreeSet<>();
        for (String part : text.split(",")) {
            if (part.strip().matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
                String[] ends = part.strip().split("-");
                IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                        .forEach(ports::add);
            }
        }
        return ports;
    }

    /** Writes ports with a range for those that follow each other. */
    private static String shown(Set<Integer> ports) {
        StringBuilder text = new StringBuilder();
        int first = -1;
        int last = -1;
        for (int port : ports) {
            if (port != last + 1 || first < 0) {
                text.append(range(first, last));
                first = port;
            }
            last = port;
        }
        return text.append(range(first, last)).substring(1);
    }

    private static String range(int first, int last) {
        return first < 0 ? "" : first == last ? "," + first : "," + first + "-" + last;
    }
}
