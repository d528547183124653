package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.WithServer;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server without passive mode. */
@WithServer({"flotilla.passive.enabled=false", "flotilla.active.enabled=true"})
class ActiveOnlyTest extends ActiveClient {
    @Test
    @DisplayName("lftp transfers in active mode, passive commands get 502, and no passive port is open")
    void active() throws Exception {
        write("f", TEN);
        active("get f -o got\nput got -o up\nls").run().ok().containing(" up");
        assertEquals(10, Files.size(local("got")));
        assertEquals(10, Files.size(file("up")));
        String passive = curl("-v", "-o", "none", explicitUrl("f"))
                .run()
                .containing("< 502 ")
                .output();
        assertFalse(passive.contains("150 "), passive);
        login().command("FEAT").expect(211).containing("EPRT");
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", server.firstPassivePort()).close());
    }

    @Test
    @DisplayName("a server without both modes is refused")
    void neither() {
        Command.Result checked = Command.run("check", "--set", "flotilla.passive.enabled=false");
        assertEquals(78, checked.exit());
        assertTrue(checked.err().contains("nothing could be transferred"), checked.err());
    }
}
