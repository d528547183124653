package flotilla.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a service that breaks instead of passing the answer to a request whose first line is a certain one. */
final class LosingProxy implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI service;
    private final AtomicInteger lost = new AtomicInteger();
    private volatile String word = "";

    LosingProxy(URI service) throws IOException {
        this.service = service;
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "losing-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Loses the answer to the next request whose first line matches. */
    void loseNext(String regex) {
        word = regex;
    }

    /** Returns how many answers were lost. */
    int lost() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(service.getHost(), service.getPort());
                AtomicBoolean loses = new AtomicBoolean();
                start(() -> copy(client, server, loses, true));
                start(() -> copy(server, client, loses, false));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void copy(Socket from, Socket to, AtomicBoolean loses, boolean asks) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (asks) {
                    String text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
                    String first = text.substring(0, Math.max(0, text.indexOf('\r')));
                    if (!word.isEmpty() && first.matches(word)) {
                        word = "";
                        loses.set(true);
                    }
                } else if (loses.get()) {
                    lost.incrementAndGet();
                    return;
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
