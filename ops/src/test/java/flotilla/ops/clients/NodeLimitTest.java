package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.FtpDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The most control connections of one node. */
class NodeLimitTest extends CurlClient {
    private static final String KEY = "limits.max-sessions-per-node";

    @AfterEach
    void unset() {
        server.flotilla("unset", KEY);
    }

    @Test
    @DisplayName(
            "curl is refused with 421 by a node that is full, and served when somebody has left or the limit is higher")
    void full() throws Exception {
        server.flotilla("set", KEY, "2");
        Await.until("other tests' clients have gone", () -> server.status().get("connections") == 0);
        FtpDriver first = login();
        FtpDriver second = login();
        int refused = server.status().getOrDefault("refused-node-sessions", 0);
        curl("-v", explicitUrl("")).run().containing("< 421 Too many sessions on this server, please reconnect.");
        assertEquals(refused + 1, server.status().get("refused-node-sessions"));
        assertEquals(2, server.status().get("connections"));
        Await.until(
                "a line of the log", () -> server.nativeLog().contains("REFUSE: Client \"127.0.0.1\", node-sessions;"));

        server.flotilla("set", KEY, "3");
        curl(explicitUrl("")).run().ok();
        server.flotilla("set", KEY, "2");
        Await.until("curl has gone", () -> server.status().get("connections") == 2);
        assertTrue(curl(implicitUrl("")).run().exit() != 0, "a place too many");
        first.command("QUIT").expect(221);
        Await.until("a place is free", () -> curl(implicitUrl("")).run().exit() == 0);
        second.command("NOOP").expect(200);
    }
}
