package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A server with memory for a few transfers. It allows one address fifty connections, and keeps no bytes of failed
 * uploads.
 */
@WithServer({
    "flotilla.limits.max-per-address=50",
    "flotilla.storage.keep-parts=false",
    "flotilla.limits.stall-timeout=3s",
    "flotilla.tls.handshake-timeout=3s",
    "flotilla.limits.max-unauthenticated-per-address=0",
    "jvm:-XX:MaxDirectMemorySize=26800k",
    "jvm:-Dio.netty.maxDirectMemory=134217728"
})
class SmallServerTest extends UnderLoad {
    private static final int CONNECTIONS = 2_000;
    private static final int ALLOWED = 50;
    private static final int TRANSFERS = 32;
    private static final int SIZE = 100_000;
    private static final String TOO_MANY = "421 Too many sessions from your address, please try again later.\r\n";

    @Test
    @DisplayName("Of 2,000 connections from one address those over the limit get a clear 421 and no handshake")
    void limited() throws Exception {
        int count = affordable(CONNECTIONS);
        Crowd crowd = crowd();
        crowd.connect(count, BAD, server.explicitPort());
        assertLogsIn();
        crowd.await(
                "greeted or refused",
                member -> member.received().startsWith("220 ")
                        || member.received().equals(TOO_MANY) && member.ended());
        assertEquals(
                ALLOWED,
                crowd.members().stream()
                        .filter(member -> member.received().startsWith("220 "))
                        .count());
        Crowd implicit = crowd();
        implicit.connect(affordable(CONNECTIONS), BAD, server.implicitPort());
        implicit.send(ClientHellos.first());
        assertLogsIn();
        implicit.await(
                "closed without a byte",
                member -> member.ended() && member.received().isEmpty());
        long refused = count - ALLOWED + implicit.members().size();
        Await.until("each refusal is logged", () -> refusals() == refused);
    }

    private long refusals() throws IOException {
        return server.nativeLog()
                .lines()
                .filter(line -> line.contains("REFUSE: Client \"127.0.0.1\", address-sessions;"))
                .count();
    }

    @Test
    @DisplayName("Of uploads that are cut nothing is left when no parts are kept")
    void cutUploads() throws Exception {
        CutUploads uploads = new CutUploads(this, 20);
        uploads.run();
        uploads.assertOnlyAnswered();
        uploads.awaitParts(parts -> parts == 0);
    }

    @Test
    @DisplayName("Transfers for which there is no memory get 425, and those that run go on")
    void noMemory() throws Exception {
        List<FtpDriver> sessions = inParallel(TRANSFERS, (index, own) -> login());
        List<Integer> codes = new ArrayList<>();
        List<DataChannel> running = new ArrayList<>();
        for (int i = 0; i < TRANSFERS; i++) {
            FtpDriver ftp = sessions.get(i);
            DataChannel data = closing(ftp.epsv());
            ftp.command("STOR file" + i).expect(150);
            try {
                running.add(ftp.secure(data).send(new byte[SIZE]));
            } catch (IOException refused) {
                codes.add(ftp.reply().expect(425).code());
            }
        }
        assertLogsIn();
        for (DataChannel data : running) {
            data.finish();
        }
        assertFalse(codes.isEmpty(), "there was memory for all");
        assertFalse(running.isEmpty(), "there was memory for none");
    }
}
