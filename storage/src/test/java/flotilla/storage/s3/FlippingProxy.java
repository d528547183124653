package flotilla.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a service that changes a byte of each request that holds a certain word. */
final class FlippingProxy implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI service;
    private final byte[] word;
    private final AtomicInteger flipped = new AtomicInteger();

    FlippingProxy(URI service, String word) throws IOException {
        this.service = service;
        this.word = word.getBytes(StandardCharsets.US_ASCII);
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "flipping-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Returns how many bytes were changed. */
    int flipped() {
        return flipped.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(service.getHost(), service.getPort());
                start(() -> copy(client, server, true));
                start(() -> copy(server, client, false));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void copy(Socket from, Socket to, boolean flip) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (int i = 0; flip && i + word.length <= count; i++) {
                    if (Arrays.equals(buffer, i, i + word.length, word, 0, word.length)) {
                        buffer[i] ^= 1;
                        flipped.incrementAndGet();
                    }
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One of both ends has closed.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
