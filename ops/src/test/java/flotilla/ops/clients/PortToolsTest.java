package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.FtpDriver;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What tools that look at ports find of a running server. */
class PortToolsTest extends Client {
    private Set<Integer> passive() {
        return IntStream.range(0, server.passivePorts())
                .map(i -> server.firstPassivePort() + i)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String range() {
        return server.firstPassivePort() + "-" + (server.firstPassivePort() + server.passivePorts() - 1);
    }

    @Test
    @DisplayName("nmap finds both control ports and each passive port open")
    void nmap() throws Exception {
        String found = Program.of(work, "nmap", "-n", "-Pn", "-sT", "-p")
                .with(server.explicitPort() + "," + server.implicitPort() + "," + range(), "127.0.0.1")
                .run()
                .ok()
                .output();
        Set<Integer> open = found.lines()
                .filter(line -> line.matches("\\d+/tcp +open .*"))
                .map(line -> Integer.valueOf(line.replaceFirst("/.*", "")))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> expected = passive();
        expected.addAll(List.of(server.explicitPort(), server.implicitPort()));
        assertEquals(expected, open, found);
    }

    @Test
    @DisplayName(
            "ss finds that the server listens at its control ports and passive ports; the rest is its own, on loopback")
    void listening() throws Exception {
        String found = Program.of(work, "ss", "-H", "-tlnp").run().ok().output();
        Set<Integer> ports = found.lines()
                .filter(line -> line.contains("pid=" + server.pid() + ","))
                .map(line -> line.trim().split("\\s+")[3])
                .peek(address -> assertTrue(address.matches("(\\[::ffff:)?127\\.0\\.0\\.1\\]?:\\d+"), address))
                .map(address -> Integer.valueOf(address.replaceFirst(".*:", "")))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> expected = passive();
        expected.addAll(List.of(server.explicitPort(), server.implicitPort()));
        assertTrue(ports.containsAll(expected), () -> expected + " are not all in " + found);
        ports.removeAll(expected);
        assertTrue(ports.size() <= 4, () -> "Pekko, Hazelcast, commands, the admin API, and what else? " + ports);
    }

    @Test
    @DisplayName("nc is greeted at the explicit port, and connects to the first passive ports")
    void netcat() throws Exception {
        Program.of(work, "nc", "127.0.0.1", String.valueOf(server.explicitPort()))
                .input("FEAT\r\nUSER " + account.name() + "\r\nQUIT\r\n")
                .run()
                .ok()
                .containing("220 ")
                .containing("AUTH TLS")
                .containing("530 ")
                .containing("221 ");
        int first = server.firstPassivePort();
        String found = Program.of(work, "nc", "-zv", "127.0.0.1", first + "-" + (first + 4))
                .run()
                .ok()
                .output();
        assertEquals(5, found.lines().filter(line -> line.contains("succeeded")).count(), found);
    }

    @Test
    @DisplayName("the connections that ss and grep count are those that the server counts")
    void established() throws Exception {
        FtpDriver first = login();
        FtpDriver second = login();
        String count = "ss -Htn state established | awk '{print $3}' | grep -c ':" + server.explicitPort() + "$'";
        Await.until(
                "both count two",
                () -> server.status().get("connections") == 2
                        && Program.of(work, "bash", "-c", count)
                                .run()
                                .output()
                                .strip()
                                .equals("2"));
        for (FtpDriver client : List.of(first, second)) {
            client.command("NOOP").expect(200);
        }
    }
}
