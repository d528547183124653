package flotilla.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.config.Configuration;
import flotilla.ops.report.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Checks of the machine, with files like those of Linux in another directory. */
class ChecksTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private String clock = "yes";

    private void file(String path, String text) throws Exception {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private Outcome look(Check check, String... settings) throws Exception {
        List<Outcome> found = all(check, settings);
        return found.stream()
                .filter(outcome -> outcome.level() != Level.OK)
                .findFirst()
                .orElse(found.get(0));
    }

    private List<Outcome> all(Check check, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of("flotilla.data-dir=" + root.resolve("data")));
        for (String setting : settings) {
            all.add("flotilla." + setting);
        }
        Configuration configuration = Configuration.load(Optional.empty(), Map.of(), all);
        return check.look(new Patient(
                configuration,
                Optional.empty(),
                Optional.empty(),
                new Kernel(root),
                command -> Optional.of(clock),
                Duration.ofSeconds(1)));
    }

    private static void assertFound(Level level, String text, Outcome outcome) {
        assertEquals(level, outcome.level(), outcome.toString());
        assertTrue((outcome.text() + " " + outcome.remedy()).contains(text), outcome.toString());
    }

    /** A server of process 4711, which holds the lock of the data directory. */
    private void server(String limits) throws Exception {
        Path lock = root.resolve("data/run/lock");
        file("data/run/lock", "");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ)) {
            assertTrue(channel.isOpen());
        }
        file(
                "proc/locks",
                "1: FLOCK  ADVISORY  WRITE 11 fe:00:" + Files.getAttribute(lock, "unix:ino") + " 0 EOF\n"
                        + "2: POSIX  ADVISORY  WRITE 4711 fe:00:" + Files.getAttribute(lock, "unix:ino") + " 0 EOF\n");
        file("proc/4711/limits", limits);
    }

    @Test
    @DisplayName(
            "a home or mount is lost if it names a store that there is not; one without a name is in the default one")
    void places() {
        for (List<String> stores : List.of(List.of("", "archive"), List.of("archive"))) {
            for (String there : List.of("alice", "/srv/alice", "local:/srv/alice", "archive:/alice")) {
                assertFalse(PlacesCheck.isLost(there, stores), there);
            }
            assertTrue(PlacesCheck.isLost("away:/alice", stores));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName("values of the kernel are read as a whole")
    void kernel() {
        Kernel kernel = new Kernel(Path.of("/"));
        for (String path : List.of("proc/sys/net/core/somaxconn", "proc/sys/net/ipv4/ip_local_port_range")) {
            assertEquals(Programs.output(List.of("cat", "/" + path)), kernel.text(path));
        }
    }

    @Test
    @DisplayName("the open files of the running server must do for all sessions; those of a shell are only a hint")
    void openFiles() throws Exception {
        String few = "Max open files            1024                 4096                 files     \n";
        file("proc/self/limits", few);
        assertFound(Level.WARN, "4096 files", look(new OpenFiles()));
        assertFound(Level.OK, "4096 files", look(new OpenFiles(), "limits.max-sessions=2000"));
        server(few);
        assertFound(Level.FAIL, "(process 4711) may open 4096 files", look(new OpenFiles()));
        server("Max open files            1024                 unlimited            files     \n");
        assertFound(Level.OK, "any number", look(new OpenFiles()));
    }

    @Test
    @DisplayName("the kernel's cap of a listener's queue must reach listeners.backlog")
    void backlog() throws Exception {
        assertFound(Level.OK, "Not known", look(new Backlog()));
        file("proc/sys/net/core/somaxconn", "128\n");
        assertFound(Level.WARN, "net.core.somaxconn=4096", look(new Backlog()));
        assertFound(Level.OK, "128", look(new Backlog(), "listeners.backlog=128"));
    }

    @Test
    @DisplayName("ports from which outgoing connections are taken must not be the server's, unless they are reserved")
    void localPorts() throws Exception {
        file("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        assertFound(Level.OK, "32768-60999", look(new LocalPorts()));
        assertFound(Level.WARN, "passive.ports 50000-50010", look(new LocalPorts(), "passive.ports=50000-50010"));
        file("proc/sys/net/ipv4/ip_local_reserved_ports", "40000,50000-50008\n");
        assertFound(Level.WARN, "50009-50010", look(new LocalPorts(), "passive.ports=50000-50010"));
        file("proc/sys/net/ipv4/ip_local_reserved_ports", "40000,50000-50010\n");
        assertFound(Level.OK, "none", look(new LocalPorts(), "passive.ports=50000-50010"));
    }

    @Test
    @DisplayName("small TCP buffers are a warning that says what one transfer carries")
    void buffers() throws Exception {
        file("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
        assertFound(Level.WARN, "503 Mbit/s", look(new TcpBuffers()));
        file("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t16777216\n");
        assertFound(Level.OK, "1342 Mbit/s", look(new TcpBuffers()));
    }

    @Test
    @DisplayName("heap and buffers of the running server must fit into its control group")
    void memory() throws Exception {
        file("proc/meminfo", "MemTotal:        8000000 kB\n");
        assertFound(Level.OK, "1324 MiB of 7812 MiB", look(new Memory()));
        file("proc/meminfo", "MemTotal:        8000000 kB\nMemAvailable:    1024000 kB\n");
        assertFound(Level.WARN, "1000 MiB are free now", look(new Memory()));
        server("");
        file("proc/4711/cmdline", "java\0-Xmx1g\0-Xmx2g\0-XX:MaxDirectMemorySize=1g\0flotilla.ops.Main");
        file("proc/4711/cgroup", "0::/system.slice/flotilla.service\n");
        file("sys/fs/cgroup/system.slice/flotilla.service/memory.max", "max\n");
        assertFound(Level.OK, "3372 MiB of 7812 MiB", look(new Memory()));
        file("sys/fs/cgroup/system.slice/memory.max", "2147483648\n");
        assertFound(Level.FAIL, "3372 MiB of 2048 MiB", look(new Memory()));
        file("sys/fs/cgroup/system.slice/memory.max", "max\n");
        assertFound(Level.WARN, "limits.max-transfers 2000", look(new Memory(), "limits.max-transfers=2000"));
        assertFound(Level.WARN, "limits.max-sessions 900000", look(new Memory(), "limits.max-sessions=900000"));
    }

    @Test
    @DisplayName("a storage that is not the one of the last start is a failure: a mount may be missing")
    void storage() throws Exception {
        Path homes = root.resolve("data/homes");
        assertEquals(List.of(), all(new MountedStorage()));
        file("data/storage-marker", "flotilla-storage 00ff " + homes + "\n");
        file("data/homes/.flotilla-storage", "flotilla-storage 00ff\n");
        assertFound(Level.OK, "used last", look(new MountedStorage()));
        file("data/homes/.flotilla-storage", "flotilla-storage 1234\n");
        assertFound(Level.FAIL, "another storage", look(new MountedStorage()));
        Files.delete(homes.resolve(".flotilla-storage"));
        assertFound(Level.FAIL, "no marker", look(new MountedStorage()));
    }

    @Test
    @DisplayName("a clock that nobody keeps right is a warning")
    void clock() throws Exception {
        assertFound(Level.OK, "is synchronised", look(new Clock()));
        clock = "no";
        assertFound(Level.WARN, "not synchronised", look(new Clock()));
    }

    @Test
    @DisplayName("a node whose clock differs is told: a second is a warning, a minute a failure")
    void otherClocks() throws Exception {
        assertEquals(List.of(), NodeClocks.outcomes(nodes()));
        assertFound(Level.OK, "agree", NodeClocks.outcomes(nodes(999, -999)).get(0));
        assertFound(
                Level.WARN,
                "The clock of node-3 is 1.5 s behind",
                NodeClocks.outcomes(nodes(0, -1500)).get(0));
        assertFound(
                Level.FAIL,
                "The clock of node-2 is 61.0 s ahead",
                NodeClocks.outcomes(nodes(61_000)).get(0));
    }

    /** The answer of node-1 about others with these differences in milliseconds. */
    private static JsonNode nodes(long... skews) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("asked", "node-1");
        ArrayNode nodes = answer.putArray("nodes");
        nodes.addObject().put("name", "node-1").put("clockSkewMillis", 0);
        for (int i = 0; i < skews.length; i++) {
            nodes.addObject().put("name", "node-" + (i + 2)).put("clockSkewMillis", skews[i]);
        }
        nodes.addObject().put("name", "of an older release");
        return answer;
    }
}
