package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One account with a large directory against a small heap. Settings for figures of a real server:
 * {@code -Dflotilla.load.entries=250000 -Dflotilla.load.listings=200}, with 512 MiB and 64 MiB below.
 */
@WithServer({
    "flotilla.limits.stall-timeout=30s",
    "flotilla.limits.listing-memory=40m",
    "flotilla.limits.listing-patience=1s",
    "jvm:-Xmx128m",
    "jvm:-XX:+ExitOnOutOfMemoryError"
})
@Timeout(240)
class LargeDirectoryTest extends UnderLoad {
    private static final int ENTRIES = Integer.getInteger("flotilla.load.entries", 50_000);
    private static final int LISTINGS = Integer.getInteger("flotilla.load.listings", 40);
    private static final int LOGINS = 5;
    private static final int FIRST_SORTED = 1;
    private static final List<String> COMMANDS = List.of("LIST", "LIST -t", "MLSD", "NLST", "LIST -r");

    @Test
    @DisplayName(
            "40 sessions that list 50,000 entries and do not read leave room for others, and get every name when they do")
    void listings() throws Exception {
        Path directory = Files.createDirectory(account.home().resolve("large"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.createFile(directory.resolve("an-entry-with-a-longer-name-" + i));
        }
        List<FtpDriver> sessions = inParallel(LISTINGS, (index, own) -> login());
        List<DataChannel> unread = new ArrayList<>();
        for (int i = 0; i < LISTINGS; i++) {
            sessions.get(i).command("CWD large").expect(250);
            unread.add(closing(sessions.get(i).transfer(COMMANDS.get(i % COMMANDS.size()))));
            if (i == FIRST_SORTED) {
                unread.get(i).read(); // while it sorts, no other listing takes memory
            }
        }
        for (int i = 0; i < LOGINS; i++) {
            assertLogsIn();
        }
        List<Integer> codes = inParallel(LISTINGS, (index, own) -> {
            long names = new String(unread.get(index).readAll(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.contains("an-entry"))
                    .distinct()
                    .count();
            int code = sessions.get(index).reply().expect(226, 450).code();
            assertEquals(code == 226 ? ENTRIES : 0, names, COMMANDS.get(index % COMMANDS.size()));
            return code;
        });
        for (int i = 0; i < LISTINGS; i++) {
            boolean sorted = COMMANDS.get(i % COMMANDS.size()).startsWith("LIST -");
            assertTrue(sorted || codes.get(i) == 226, "only what must be sorted may be refused");
            sessions.get(i).command("QUIT").expect(221);
        }
        assertTrue(codes.get(FIRST_SORTED) == 226, "the first one that was sorted had the memory for it");
        System.out.println("listings refused: "
                + codes.stream().filter(code -> code == 450).count());
        Await.until(
                "no session is left but those that looked", () -> probe.status().get("sessions") == LOGINS);
    }
}
