package flotilla.ops.load;

import flotilla.ops.e2e.Await;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connections without a byte, and handshakes that stop halfway. */
class ConnectionFloodTest extends UnderLoad {
    private static final int CONNECTIONS = 2_000;
    private static final int HALF_OPEN = 500;

    @Test
    @DisplayName("2,000 connections from one address are all greeted, and others log in")
    void connections() throws Exception {
        int count = affordable(CONNECTIONS);
        Crowd crowd = crowd();
        crowd.connect(count, BAD, server.explicitPort());
        assertLogsIn();
        crowd.await("greeted", member -> member.received().equals("220 FTP service ready.\r\n"));
        Await.until("all are there", () -> probe.status().get("connections") >= count);
        assertLogsIn();
    }

    @Test
    @DisplayName("500 handshakes that stop half-way are ended by the handshake timeout, and others log in")
    void halfOpen() throws Exception {
        byte[] hello = ClientHellos.first();
        byte[] half = Arrays.copyOf(hello, hello.length / 2);
        Crowd explicit = crowd();
        explicit.connect(HALF_OPEN / 2, BAD, server.explicitPort());
        explicit.await("greeted", member -> member.received().startsWith("220 "));
        explicit.send("AUTH TLS\r\n".getBytes(StandardCharsets.US_ASCII));
        explicit.await("AUTH accepted", member -> member.received().contains("\r\n234 "));
        explicit.send(half);
        Crowd implicit = crowd();
        implicit.connect(HALF_OPEN / 4, BAD, server.implicitPort());
        implicit.await("connected", Crowd.Member::connected);
        implicit.send(half);
        implicit.connect(HALF_OPEN / 4, BAD, server.implicitPort());
        assertLogsIn();
        explicit.await("ended", Crowd.Member::ended);
        implicit.await("ended", member -> member.ended() && member.received().isEmpty());
    }
}
