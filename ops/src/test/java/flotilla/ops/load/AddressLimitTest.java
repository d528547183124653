package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.ops.e2e.WithServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server that lets one address have fifty connections, and keeps nothing of failed uploads. */
@WithServer({
    "flotilla.limits.max-per-address=50",
    "flotilla.storage.keep-parts=false",
    "flotilla.limits.stall-timeout=3s",
    "flotilla.tls.handshake-timeout=3s"
})
class AddressLimitTest extends UnderLoad {
    private static final int CONNECTIONS = 2_000;
    private static final int ALLOWED = 50;
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
        long refused = server.nativeLog()
                .lines()
                .filter(line -> line.contains("REFUSE: Client \"127.0.0.1\", address_sessions"))
                .count();
        assertEquals(count - ALLOWED + implicit.members().size(), refused);
    }

    @Test
    @DisplayName("Of uploads that are cut nothing is left when no parts are kept")
    void cutUploads() throws Exception {
        CutUploads uploads = new CutUploads(this, 20);
        uploads.run();
        uploads.assertOnlyAnswered();
        uploads.awaitParts(parts -> parts == 0);
    }
}
