package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Responders that send too much, too slowly, or something else. */
class OcspResponderTest {
    private static final int MOST = 1000;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private interface Answer {
        void write(Socket socket) throws IOException;
    }

    private byte[] asked(Duration timeout, Answer answer) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread responder = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    answer.write(socket);
                } catch (IOException gone) {
                    Thread.currentThread().interrupt();
                }
            });
            responder.start();
            try {
                return OcspResponder.ask(
                        URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/"),
                        new byte[] {1},
                        timeout,
                        MOST,
                        timer);
            } finally {
                responder.join();
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void body(OutputStream out, int length) throws IOException {
        out.write(text("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n"));
        out.write(new byte[length]);
    }

    @Test
    void anAnswerMayHaveTheMostBytesAndNoMore() throws Exception {
        Duration enough = Duration.ofSeconds(30);
        assertArrayEquals(new byte[MOST], asked(enough, socket -> body(socket.getOutputStream(), MOST)));
        IOException refused = assertThrows(
                IOException.class, () -> asked(enough, socket -> body(socket.getOutputStream(), MOST + 1)));
        assertEquals("the answer has more than 1000 bytes", refused.getMessage());
    }

    /** Each byte comes soon enough, but there is always another one. */
    @Test
    void anEndlessAnswerEndsWithTheTime() {
        IOException refused = assertThrows(
                IOException.class,
                () -> asked(Duration.ofMillis(300), socket -> {
                    OutputStream out = socket.getOutputStream();
                    out.write(text("HTTP/1.1 200 OK\r\nX: "));
                    socket.setSoTimeout(20);
                    while (true) {
                        out.write('x');
                        isSilentFor20Milliseconds(socket);
                    }
                }));
        assertEquals("the answer takes longer than 300 ms", refused.getMessage());
    }

    private static void isSilentFor20Milliseconds(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the client has gone");
            }
        } catch (SocketTimeoutException silent) {
            assertEquals(20, socket.getSoTimeout());
        }
    }

    @Test
    void aRedirectionIsNotFollowed() {
        IOException refused = assertThrows(
                IOException.class,
                () -> asked(Duration.ofSeconds(30), socket -> socket.getOutputStream()
                        .write(text("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"))));
        assertEquals("the answer has the status 302", refused.getMessage());
    }
}
