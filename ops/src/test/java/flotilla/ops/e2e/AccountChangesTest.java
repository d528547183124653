package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** An administrator's change of an account reaches its live sessions. */
class AccountChangesTest extends EndToEnd {
    @Test
    void aDisabledUserIsOutInTheMiddleOfHisUpload() throws Exception {
        try (FtpDriver ftp = login();
                DataChannel data = ftp.transfer("STOR file")) {
            data.send(new byte[100_000]);
            server.flotilla("user", "disable", account.name());
            ftp.reply().expect(426);
            ftp.reply().expect(421);
            assertTrue(ftp.isClosedByServer());
        }
    }

    @Test
    void anExpiredUserIsOut() throws Exception {
        try (FtpDriver ftp = login()) {
            server.flotilla("user", "set", account.name(), "--expires", "2020-01-01");
            ftp.reply().expect(421);
        }
    }

    @Test
    void aRemovedUserIsOut() throws Exception {
        try (FtpDriver ftp = login()) {
            server.flotilla("user", "remove", account.name());
            ftp.reply().expect(421);
        }
    }
}
