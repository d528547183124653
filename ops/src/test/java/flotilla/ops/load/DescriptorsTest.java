package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.FtpDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server that may open no more files and sockets. */
class DescriptorsTest extends UnderLoad {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final int SPARE = 40;
    private static final int CONNECTIONS = 200;
    private static final int ENOUGH = 10_000;

    @AfterEach
    void enoughAgain() throws Exception {
        limit(ENOUGH);
    }

    @Test
    @DisplayName("Without file descriptors connections wait; with some again everything works as before")
    void exhausted() throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT));
        FtpDriver ftp = login();
        limit(probe.outside().descriptors() + SPARE);
        Crowd control = crowd();
        control.connect(CONNECTIONS, BAD, server.explicitPort());
        Await.until("no descriptor is left", () -> probe.outside().status().get("connections") >= SPARE / 2);
        Crowd data = crowd();
        data.connect(CONNECTIONS, BAD, server.firstPassivePort());
        ftp.command("NOOP").expect(200);
        control.close();
        data.close();
        Await.until("those who went are forgotten", () -> probe.status().get("connections") == 1);
        login(GOOD, account).command("QUIT").expect(221);
        ftp.store("STOR f", new byte[10]).expect(226);
        assertEquals(10, ftp.fetch("RETR f").length);
    }

    private void limit(int descriptors) throws Exception {
        Process process = new ProcessBuilder(
                        PRLIMIT.toString(), "--pid", String.valueOf(server.pid()), "--nofile=" + descriptors + ':')
                .inheritIO()
                .start();
        assertEquals(true, process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }
}
