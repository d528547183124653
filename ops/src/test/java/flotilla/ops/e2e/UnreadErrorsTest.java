package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose standard error is a pipe that nobody reads any more. */
class UnreadErrorsTest {
    private static final int STRANGERS = 300;
    private static final byte[] NO_CLIENT_HELLO =
            "AUTH TLS is not followed by this\r\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    @Timeout(180)
    void brokenHandshakesDoNotFreezeIt(@TempDir Path directory) throws Exception {
        int port = Ports.free(1);
        int passive = Ports.free(1);
        Process server = ServerProcess.builder(
                        List.of(
                                "flotilla.data-dir=" + directory.resolve("data"),
                                "flotilla.listeners.explicit.port=" + port,
                                "flotilla.listeners.implicit.port=0",
                                "flotilla.passive.ports=" + passive,
                                "flotilla.log.trace=[\"\", \"127.0.0.1\"]"),
                        List.of())
                .start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            String password = "";
            while (line != null && !line.equals("flotilla: ready")) {
                password = line.contains("password: ") ? line.replaceAll(".*password: (\\S+).*", "$1") : password;
                line = out.readLine();
            }
            for (int i = 0; i < STRANGERS; i++) {
                breakHandshake(port);
            }
            assertTrue(logIn(port, password, ClientTls.trusting(directory.resolve("data/tls/server.pem")))
                    .startsWith("230"));
        } finally {
            server.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    private static void breakHandshake(int port) throws Exception {
        try (Socket socket = socket(port);
                BufferedReader replies = replies(socket)) {
            greeted(replies);
            socket.getOutputStream().write("AUTH TLS\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(replies.readLine().startsWith("234"));
            socket.getOutputStream().write(NO_CLIENT_HELLO);
            while (socket.getInputStream().read() >= 0) {
                // an alert, then the end
            }
        } catch (java.net.SocketException reset) {
            // the end, with some bytes unread
        }
    }

    private static String logIn(int port, String password, ClientTls tls) throws Exception {
        try (Socket socket = socket(port);
                BufferedReader replies = replies(socket)) {
            greeted(replies);
            socket.getOutputStream().write("AUTH TLS\r\n".getBytes(StandardCharsets.US_ASCII));
            replies.readLine();
            Socket secure = tls.handshake(socket, port);
            BufferedReader secured = replies(secure);
            secure.getOutputStream().write("USER demo\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(secured.readLine().startsWith("331"));
            secure.getOutputStream().write(("PASS " + password + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return secured.readLine();
        }
    }

    private static Socket socket(int port) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void greeted(BufferedReader replies) throws Exception {
        assertTrue(replies.readLine().startsWith("220"), "greeted");
    }

    private static BufferedReader replies(Socket socket) throws Exception {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
