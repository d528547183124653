package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.FtpDriver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drives {@code flotilla top} in a terminal of 80x24 that tmux keeps. */
class TopTest extends WithAdminApi {
    private final String socket = "flotilla-top-" + ProcessHandle.current().pid();

    /** For the command, which may be longer than tmux takes. */
    @TempDir
    private Path directory;

    @BeforeEach
    void begin() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "no tmux");
        String command = String.join(
                " ",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                "'" + System.getProperty("java.class.path") + "'",
                "flotilla.ops.Main",
                "top",
                "--every",
                "1s",
                "--set",
                "flotilla.data-dir=" + server.dataDirectory());
        Path script = Files.writeString(
                directory.resolve("top.sh"), "export FLOTILLA_CONFIG=/dev/null\n" + command + "\nsleep 60\n");
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "sh '" + script + "'");
    }

    @AfterEach
    void end() throws Exception {
        tmux("kill-server");
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("/usr/bin/tmux", "-L", socket));
        all.addAll(List.of(arguments));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private String screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p");
    }

    private void shows(String what) throws Exception {
        try {
            Await.until(what, () -> screen().contains(what));
        } catch (AssertionError missing) {
            throw new AssertionError(what + " is not in:\n" + screen(), missing);
        }
    }

    @Test
    @DisplayName(
            "the view follows a download, filters, freezes, thaws and kicks with a confirmation, and gives the terminal back")
    void drives() throws Exception {
        Account account = server.newAccount();
        Account other = server.newAccount();
        Files.write(account.home().resolve("big.bin"), new byte[64 << 20]);
        FtpDriver ftp = login(account);
        login(other);
        ftp.transfer("RETR big.bin");
        shows("flotilla top - 1 nodes, 2 sessions");
        shows("download");
        shows("%");
        tmux("send-keys", "/");
        shows("Only (user, address");
        tmux("send-keys", "-l", account.name());
        tmux("send-keys", "Enter");
        shows("1 of 1");
        tmux("send-keys", "F");
        shows("freeze session");
        tmux("send-keys", "n");
        shows("q quit");
        tmux("send-keys", "F");
        shows("? y/n");
        tmux("send-keys", "y");
        shows("FROZEN");
        assertEquals(1, api.get("freezes").json().path("freezes").size());
        tmux("send-keys", "T");
        shows("thaw session");
        tmux("send-keys", "y");
        Await.until("no freeze", () -> api.get("freezes").json().path("freezes").isEmpty());
        tmux("send-keys", "K");
        shows("kick session");
        tmux("send-keys", "y");
        assertTrue(ftp.rest().contains("421 "));
        shows("0 of 0");
        tmux("send-keys", "q");
        Await.until("the end", () -> !screen().contains("flotilla top - "));
    }
}
