package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.e2e.WithServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connections in active mode from one local port. */
@WithServer({"active-source-port", "flotilla.active.enabled=true"})
class SourcePortTest extends ActiveClient {
    private static final String KEY = "flotilla.active.source-port";

    private DataChannel begin(FtpDriver ftp, String command) throws Exception {
        try (ServerSocket listener = ftp.eprt()) {
            ftp.send(command);
            Socket data = listener.accept();
            assertEquals(Integer.parseInt(server.setting(KEY)), data.getPort());
            ftp.reply().expect(150);
            return ftp.secure(DataChannel.accepted(data));
        }
    }

    @Test
    @DisplayName("connections to clients come from the port, also several at once")
    void concurrent() throws Exception {
        byte[] bytes = bytes(8 * MIB);
        write("big", bytes);
        FtpDriver one = login();
        FtpDriver other = login();
        try (DataChannel first = begin(one, "RETR big");
                DataChannel second = begin(other, "RETR big")) {
            assertEquals(bytes.length, second.readAll().length);
            assertEquals(bytes.length, first.readAll().length);
        }
        one.reply().expect(226);
        other.reply().expect(226);
    }

    @Test
    @DisplayName("lftp transfers many files in active mode from one port")
    void many() throws Exception {
        for (int i = 0; i < 20; i++) {
            Program.file(local("tree/f" + i), i * 10_000);
        }
        active("mirror -R --parallel=4 tree up\nmirror --parallel=4 up down")
                .run()
                .ok();
        for (int i = 0; i < 20; i++) {
            assertSame(local("tree/f" + i), file("up/f" + i));
            assertSame(local("tree/f" + i), local("down/f" + i));
        }
    }

    @Test
    @DisplayName("a port that cannot be used ends the start, and one of the server's own is refused")
    void taken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            IllegalStateException failed = assertThrows(
                    IllegalStateException.class,
                    () -> ServerProcess.start("flotilla.active.enabled=true", KEY + "=" + other.getLocalPort()));
            assertTrue(
                    failed.getMessage().contains("cannot connect from 127.0.0.1:" + other.getLocalPort()),
                    failed::toString);
            assertTrue(failed.getMessage().contains(KEY), failed::toString);
        }
        Command.Result checked = Command.run("check", "--set", KEY + "=2121");
        assertEquals(78, checked.exit());
        assertTrue(checked.err().contains("overlaps with flotilla.listeners.explicit.port: 2121"), checked.err());
    }
}
