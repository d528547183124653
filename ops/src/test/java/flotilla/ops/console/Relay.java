package flotilla.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A balancer of connections: each new one goes to the next server that takes it. */
final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<InetSocketAddress> servers;

    Relay(List<InetSocketAddress> servers) throws IOException {
        this.servers = servers;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    /** Leads new connections to these from now on. */
    void to(List<InetSocketAddress> others) {
        servers = others;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException closed) {
            threads.shutdownNow();
        }
    }

    private void serve(Socket client) {
        List<InetSocketAddress> now = servers;
        int first = turn.getAndIncrement();
        for (int i = 0; i < now.size(); i++) {
            try (Socket server = new Socket()) {
                server.connect(now.get(Math.floorMod(first + i, now.size())), 1_000);
                try (client) {
                    threads.execute(() -> copy(server, client));
                    copy(client, server);
                }
                return;
            } catch (IOException next) {
                if (client.isClosed()) {
                    return;
                }
            }
        }
    }

    /** An end on either side ends both, as a balancer's does when a server dies. */
    private static void copy(Socket from, Socket to) {
        byte[] bytes = new byte[16_384];
        try (from;
                to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            for (int n = input.read(bytes); n >= 0; n = input.read(bytes)) {
                output.write(bytes, 0, n);
            }
        } catch (IOException ended) {
            // both are closed
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
