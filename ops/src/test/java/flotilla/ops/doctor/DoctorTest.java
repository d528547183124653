package flotilla.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code flotilla doctor} on this machine, with a server and without. */
@Timeout(120)
@WithServer
class DoctorTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Command.Result doctor(ServerProcess server, String... more) {
        List<String> all = new ArrayList<>(List.of("doctor"));
        server.settings().forEach(setting -> all.addAll(List.of("--set", setting)));
        all.addAll(List.of(more));
        return Command.run(all.toArray(String[]::new));
    }

    private Command.Result doctor(String... settings) {
        List<String> all = new ArrayList<>(List.of("doctor", "--set", "flotilla.data-dir=" + directory));
        for (String setting : settings) {
            all.addAll(List.of("--set", "flotilla." + setting));
        }
        return Command.run(all.toArray(String[]::new));
    }

    private static void assertLine(Command.Result result, String regex) {
        String joined = result.out().replaceAll("\\R {20,}", " ");
        assertTrue(joined.lines().anyMatch(line -> line.matches("  " + regex)), result.out() + result.err());
    }

    @Test
    @DisplayName("doctor looks at a running server, and leaves its stores as they were")
    void running(ServerProcess server) throws Exception {
        Path storage = server.storage();
        List<Path> before = files(storage);
        Command.Result result = doctor(server, "--from", "127.0.0.1");
        assertLine(result, "(ok|FAIL)  +open files +The running server \\(process [0-9]+\\) may open .*");
        assertLine(result, "(ok|warn) +database +The running server read an account in .*");
        assertLine(result, "ok +stores +The default store, .*, works: .*write, read.*, remove\\. .*");
        assertLine(result, "ok +homes +Each home and mount is in a store that there is\\.");
        assertLine(result, "ok +own ports +The running server answers at its ports\\.");
        assertLine(result, "ok +from outside +127.0.0.1 answers at port " + server.explicitPort() + "\\.");
        assertLine(result, "ok +secrets .*server.pem, which holds a key, has the mode rw-------\\.");
        assertTrue(result.out().lines().allMatch(line -> line.length() <= 120), result.out());
        assertEquals(before, files(storage));
    }

    @Test
    @DisplayName("doctor names homes and mounts in stores that there are not")
    void lostPlaces() throws Exception {
        String gone = "flotilla.storage.stores.gone.";
        ServerProcess before = ServerProcess.start(gone + "type=local", gone + "root=" + directory.resolve("gone"));
        Account lost = before.newAccount(user ->
                user.change().mounts(List.of(MountPoint.of("/in", "gone:/in"))).make());
        try (ServerProcess server = before.killAndStartAnew(gone)) {
            assertLine(
                    doctor(server),
                    "FAIL +homes +In stores that this configuration does not have: /in of " + lost.name() + "\\..*");
        }
    }

    private static List<Path> files(Path storage) throws Exception {
        try (Stream<Path> files = Files.list(storage)) {
            return files.sorted().toList();
        }
    }

    @Test
    @DisplayName("doctor --json looks where no server has run yet, and makes nothing there")
    void beforeTheFirstStart() throws Exception {
        Path none = directory.resolve("none");
        int free = Ports.free(22);
        Command.Result result = doctor(
                "data-dir=" + none,
                "listeners.explicit.port=" + free,
                "listeners.implicit.port=" + (free + 1),
                "passive.ports=" + (free + 2) + "-" + (free + 21));
        assertLine(result, "ok +secrets +There is no data-dir .* yet: the first start makes it\\.");
        assertLine(result, "ok +database +There is none yet: the first start makes it\\.");
        assertLine(result, "ok +stores +The default store, .* is not there yet: the first start makes it\\.");
        assertLine(result, "ok +own ports +No server runs, and its ports are free\\.");
        assertFalse(Files.exists(none));
    }

    @Test
    @DisplayName("doctor finds a key that others can read, and a configuration with a password that they can")
    void secrets() throws Exception {
        Path pem = directory.resolve("server.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--dns", "ftp.invalid", pem.toString())
                        .exit());
        Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-r--r--"));
        Path conf = Files.writeString(
                directory.resolve("flotilla.conf"),
                "flotilla.tls.certificate = \"" + pem + "\"\nflotilla.data-dir = \"" + directory.resolve("data")
                        + "\"\nflotilla.users.jdbc-url = \"jdbc:postgresql://127.0.0.1:1/x?user=x&password=hidden\"\n");
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
        Command.Result result = Command.run("doctor", "--config", conf.toString());
        assertEquals(1, result.exit(), result.out() + result.err());
        assertLine(result, "FAIL +secrets .*server.pem, which holds a key, .*chmod o-rwx.*");
        assertLine(result, "FAIL +secrets .*flotilla.conf, which holds a password, .*");
        assertLine(result, "FAIL +database +It cannot be reached: .*");
        assertLine(result, "warn +names +The certificate's name ftp.invalid leads nowhere in DNS\\. .*");
        assertFalse(result.out().contains("hidden"), result.out());
        Command.Result asJson = Command.run("doctor", "--json", "--config", conf.toString());
        assertTrue(asJson.out().contains("\"what\" : \"secrets\""), asJson.out());
    }

    @Test
    @DisplayName("check --deep tells that the configuration is good, and what doctor finds")
    void deepCheck() throws Exception {
        int free = Ports.free(22);
        Path conf = Files.writeString(
                directory.resolve("flotilla.conf"),
                String.join(
                        "\n",
                        "flotilla.data-dir = \"" + directory.resolve("none") + "\"",
                        "flotilla.listeners.explicit.port = " + free,
                        "flotilla.listeners.implicit.port = " + (free + 1),
                        "flotilla.passive.ports = \"" + (free + 2) + "-" + (free + 21) + "\""));
        Command.Result result = Command.run("check", "--deep", conf.toString());
        assertTrue(result.out().startsWith("The configuration is good."), result.out() + result.err());
        assertLine(result, "ok +own ports +No server runs, and its ports are free\\.");
    }

    @Test
    @DisplayName("doctor finds a port that somebody else has")
    void ports() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Command.Result result = doctor("listeners.explicit.port=" + taken.getLocalPort());
            assertEquals(1, result.exit(), result.out());
            assertLine(result, "FAIL +own ports .*port " + taken.getLocalPort() + ": .*");
        }
    }

    @Test
    @DisplayName("doctor tries the ports of each seed, and names that lead nowhere are failures")
    void otherNodes() throws Exception {
        List<String> settings = new ArrayList<>(List.of("doctor"));
        int free = Ports.free(3);
        try (var node = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            NodeCertificate.settings(directory).forEach(setting -> settings.addAll(List.of("--set", setting)));
            for (String setting : List.of(
                    "data-dir=" + directory.resolve("data"),
                    "users.jdbc-url=jdbc:h2:tcp://127.0.0.1:" + free + "/./users",
                    "cluster.port=" + (free + 1),
                    "cluster.hazelcast-port=" + (free + 2),
                    "cluster.seeds=127.0.0.1:" + node.getLocalPort() + ",no-node.invalid:7355")) {
                settings.addAll(List.of("--set", "flotilla." + setting));
            }
            Command.Result result = Command.run(settings.toArray(String[]::new));
            assertEquals(1, result.exit(), result.out() + result.err());
            assertLine(result, "ok +other nodes +The node 127.0.0.1 answers at port " + node.getLocalPort() + "\\.");
            assertLine(result, "warn +other nodes +The node 127.0.0.1, port " + (free + 2) + " \\(Hazelcast\\): .*");
            assertLine(result, "FAIL +other nodes +The node no-node.invalid, port 7355: there is no such name\\. .*");
            assertLine(
                    result,
                    "warn +certificates +The authority of the cluster ends in 0 days, .*flotilla cert cluster-ca.*");
            assertLine(result, "FAIL +database +It cannot be reached: .*");
        }
    }
}
