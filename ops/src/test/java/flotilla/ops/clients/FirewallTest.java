package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code flotilla firewall} prints lets clients in, and nobody else, in a network of the test's own. */
class FirewallTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Path rules(String format, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("firewall", "--format", format));
        arguments.addAll(List.of(more));
        Command.Result printed = Command.run(work.resolve("data"), arguments.toArray(String[]::new));
        assertEquals(0, printed.exit(), printed.err());
        return Files.writeString(work.resolve(format), printed.out());
    }

    @ParameterizedTest(name = "nmap finds the ports of clients let in, and all others filtered: {0}")
    @CsvSource({
        "nft, nft add table inet filter; nft 'add chain inet filter input { type filter hook input priority 0; policy drop; }',"
                + " nft -f, nft insert rule inet filter input jump flotilla",
        "iptables, iptables -P INPUT DROP, iptables-restore --noflush, iptables -I INPUT -j FLOTILLA",
        "ip6tables, ip6tables -P INPUT DROP, ip6tables-restore --noflush, ip6tables -I INPUT -j FLOTILLA"
    })
    void applied(String program, String closed, String load, String lead) throws Exception {
        boolean six = program.equals("ip6tables");
        Path rules = rules(
                program.equals("nft") ? "nft" : "iptables",
                "--set",
                "flotilla.listeners.explicit.port=21",
                "--set",
                "flotilla.listeners.implicit.port=990",
                "--set",
                "flotilla.passive.ports=30000-30050");
        String[] script = {
            "set -e; PATH=$PATH:/usr/sbin; ip link set lo up",
            closed,
            load + " " + rules,
            lead,
            load + " " + rules,
            "nmap -n -Pn -sT --max-retries 1 --reason -p 20,21,22,990,8421,29999,30000,30050,30051 "
                    + (six ? "-6 ::1" : "127.0.0.1")
        };
        String found = Program.of(work, "unshare", "--map-root-user", "--net", "bash", "-c", String.join("\n", script))
                .run()
                .ok()
                .output();
        for (int port : new int[] {21, 990, 30000, 30050}) {
            assertEquals("closed", state(found, port), found);
        }
        for (int port : new int[] {20, 22, 8421, 29999, 30051}) {
            assertEquals("filtered", state(found, port), found);
        }
    }

    private static String state(String found, int port) {
        return found.lines()
                .filter(line -> line.startsWith(port + "/tcp "))
                .map(line -> line.split(" +")[1])
                .findFirst()
                .orElse("not looked at");
    }

    @Test
    @DisplayName("the rules of the guide: 21, 990, a range of passive ports, and what is established")
    void ofTheGuide() throws Exception {
        Path rules = rules(
                "iptables",
                "--set",
                "flotilla.listeners.explicit.port=21",
                "--set",
                "flotilla.listeners.implicit.port=0",
                "--set",
                "flotilla.passive.ports=30000-31000");
        List<String> lines = Files.readAllLines(rules).stream()
                .filter(line -> line.startsWith("-A"))
                .toList();
        assertEquals(
                List.of(
                        "-A FLOTILLA -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
                        "-A FLOTILLA -p tcp --dport 21 -j ACCEPT",
                        "-A FLOTILLA -p tcp --dport 30000:31000 -j ACCEPT"),
                lines);
    }

    @Test
    @DisplayName("the port for challenges of an authority over HTTP is let in, too")
    void challenges() throws Exception {
        Path rules = rules(
                "nft",
                "--set",
                "flotilla.tls.acme.enabled=true",
                "--set",
                "flotilla.tls.acme.agree-to-terms=true",
                "--set",
                "flotilla.tls.acme.names=ftp.example.org",
                "--set",
                "flotilla.tls.acme.challenge=http",
                "--set",
                "flotilla.tls.acme.http-port=8402");
        assertTrue(Files.readString(rules).contains("tcp dport 8402 accept"), Files.readString(rules));
    }
}
