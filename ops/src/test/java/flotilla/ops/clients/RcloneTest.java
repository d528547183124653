package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** rclone as a client, with the FTP library of jlaffaye (protocol.md, section 8.7). */
class RcloneTest extends Client {
    private static final int FILES = 500;

    @ParameterizedTest(name = "A-CLI rclone copies 500 files and finds them equal: {0}")
    @ValueSource(strings = {"explicit", "implicit"})
    void copies(String door) throws Exception {
        for (int i = 0; i < FILES; i++) {
            Program.file(local("tree/d" + i % 7 + "/file " + i), 10 + i);
        }
        rclone(door, "copy", "tree", ":ftp:remote", "--transfers", "4").run().ok();
        rclone(door, "check", "tree", ":ftp:remote", "--download", "--checkers", "4")
                .run()
                .ok()
                .containing("0 differences found");
        rclone(door, "copy", ":ftp:remote", "back", "--transfers", "4").run().ok();
        for (int i = 0; i < FILES; i++) {
            assertSame(local("tree/d" + i % 7 + "/file " + i), local("back/d" + i % 7 + "/file " + i));
        }
        rclone(door, "purge", ":ftp:remote").run().ok();
        assertEquals(false, Files.exists(file("remote")));
    }

    private Program rclone(String door, String... arguments) throws Exception {
        String obscured = Program.of(work, "rclone", "obscure", account.password())
                .run()
                .ok()
                .output()
                .lines()
                .reduce((a, b) -> b)
                .orElseThrow();
        boolean explicit = door.equals("explicit");
        return Program.of(work, "rclone")
                .with(arguments)
                .with(
                        "--config",
                        local("rclone.conf").toString(),
                        "--retries",
                        "1",
                        "--low-level-retries",
                        "1",
                        "--contimeout",
                        "20s")
                .environment("RCLONE_FTP_HOST", "127.0.0.1")
                .environment(
                        "RCLONE_FTP_PORT", String.valueOf(explicit ? server.explicitPort() : server.implicitPort()))
                .environment("RCLONE_FTP_USER", account.name())
                .environment("RCLONE_FTP_PASS", obscured)
                .environment(explicit ? "RCLONE_FTP_EXPLICIT_TLS" : "RCLONE_FTP_TLS", "true")
                .environment("RCLONE_FTP_NO_CHECK_CERTIFICATE", "true");
    }
}
