package flotilla.ops.acme;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from a real authority for tests. */
@Timeout(120)
class AcmeTest {
    private static final String NAME = "ftp.example.org";

    @TempDir
    Path work;

    static ServerProcess server(List<String> settings, String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return ServerProcess.start(all.toArray(String[]::new));
    }

    static void awaitLine(ServerProcess server, String text) throws Exception {
        Await.until("a line with \"" + text + "\" in " + server.errors(), () -> server.errors()
                .contains(text));
    }

    @Test
    @DisplayName("TLS-ALPN-01: the first certificate comes by itself, and clients get it without a restart")
    void first() throws Exception {
        int implicit = Ports.free(1);
        try (Pebble pebble = Pebble.start(work, implicit, Ports.free(1), Map.of());
                ServerProcess server = server(pebble.settings(NAME), "flotilla.listeners.implicit.port=" + implicit)) {
            awaitLine(server, "certificates were read again");
            try (FtpDriver ftp =
                    FtpDriver.secured(server, ClientTls.trusting(pebble.root()).naming(NAME))) {
                ftp.command("NOOP").expect(200);
            }
        }
    }
}
