package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SITE CPTO under a rate that is not the account's own. */
@WithServer("flotilla.limits.rate-per-session=1k")
class SlowCopyAcceptanceTest extends EndToEnd {
    @Test
    @DisplayName("ABOR ends a copy under limits.rate-per-session, which a whole piece would occupy for minutes")
    void aborted() throws Exception {
        write("a", bytes(1 << 20));
        FtpDriver ftp = login();
        ftp.command("SITE CPFR a").expect(350);
        ftp.send("SITE CPTO b");
        Await.until("the copy has begun", () -> Files.exists(file(".flotilla-parts")));
        ftp.command("ABOR").expect(426);
        ftp.reply().expect(226);
        assertFalse(Files.exists(file("b")));
    }
}
