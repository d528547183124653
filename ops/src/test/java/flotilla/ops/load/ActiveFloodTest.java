package flotilla.ops.load;

import flotilla.ops.e2e.FtpDriver;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that make the server connect to ports which do not answer. */
class ActiveFloodTest extends UnderLoad {
    private static final int SESSIONS = 48;
    private static final int MORE_THAN_THE_QUEUE = 8;

    @Test
    @DisplayName("Active connections that nobody accepts get 425 and hold up no login and no file")
    void blackHole() throws Exception {
        ServerSocket full = closing(new ServerSocket());
        full.bind(new InetSocketAddress(BAD, 0), 1);
        // When its queue is full, the kernel does not answer at all.
        crowd().connect(MORE_THAN_THE_QUEUE, BAD, full.getLocalPort());
        List<FtpDriver> sessions = inParallel(SESSIONS, (index, own) -> login());
        for (FtpDriver ftp : sessions) {
            ftp.command("EPRT |1|" + BAD + '|' + full.getLocalPort() + '|').expect(200);
            ftp.command("LIST").expect(150);
        }
        FtpDriver good = assertLogsIn();
        good.command("MKD made").expect(257);
        for (FtpDriver ftp : sessions) {
            ftp.reply().expect(425);
        }
    }
}
