package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The native log, as the tools of vsftpd's administrators read it. */
class NativeLogTest extends CurlClient {
    private static final String TIME = "[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d? \\d\\d:\\d\\d:\\d\\d \\d{4}";
    private static final String FACTS = "session=\\S+ node=\\S+ zone=[+-]\\d{4}";

    private List<String> lines(String part) {
        return server.nativeLog()
                .lines()
                .filter(line -> line.contains("[" + account.name() + "] ") && line.contains(part))
                .toList();
    }

    private String awaitLine(String part) throws Exception {
        Await.until(part, () -> !lines(part).isEmpty());
        return lines(part).get(0);
    }

    @Test
    @DisplayName("fail2ban's own filter for vsftpd finds each wrong password, and nothing else")
    void fail2ban() throws Exception {
        for (int i = 0; i < 2; i++) {
            Program.of(
                            local("."),
                            "curl",
                            "-s",
                            "--ssl-reqd",
                            "-k",
                            "--user",
                            account.name() + ":wrong",
                            explicitUrl(""))
                    .run()
                    .exits(67);
        }
        curl("-T", Program.file(local("sent"), 10).toString(), explicitUrl("sent"))
                .run()
                .ok();
        awaitLine("OK UPLOAD");
        List<String> failed = lines("FAIL LOGIN");
        assertEquals(2, failed.size());
        String ours = String.join(
                "\n",
                server.nativeLog()
                        .lines()
                        .filter(line -> line.contains(account.name()))
                        .toList());
        Files.writeString(local("flotilla.log"), ours + "\n");
        Program.of(local("."), "fail2ban-regex", "flotilla.log", "vsftpd")
                .run()
                .ok()
                .containing("Failregex: 2 total")
                .containing(", 2 matched,");
    }

    @Test
    @DisplayName("grep and awk find what they find in vsftpd's log; each line has node, zone, session and reply")
    void fields() throws Exception {
        curl("-T", Program.file(local("sent"), 10).toString(), explicitUrl("two%20words"))
                .run()
                .ok();
        String line = awaitLine("OK UPLOAD");
        assertTrue(
                line.matches(TIME + " \\[pid \\d+\\] \\[" + account.name()
                        + "\\] OK UPLOAD: Client \"127\\.0\\.0\\.1\", \"/two words\", 10 bytes, [\\d.]+Kbyte/sec; reply=226 "
                        + FACTS),
                line);
        String login = awaitLine("OK LOGIN");
        assertTrue(login.matches(".*OK LOGIN: Client \"127\\.0\\.0\\.1\"; reply=230 " + FACTS), login);
        assertEquals(login.replaceAll(".*session=", ""), line.replaceAll(".*session=", ""), "one session");
        Program.of(local("."), "awk", "/UPLOAD|DOWNLOAD/ {print $9, $10}")
                .input(line + "\n")
                .run()
                .ok()
                .containing("OK UPLOAD:");
    }
}
