package flotilla.ops.clients;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network that breaks. It forwards the ports of a server from another loopback address, and resets connections after
 * some bytes. A data connection that is reset ends its control connection, too, half of the time.
 */
final class Relay implements AutoCloseable {
    static final String ADDRESS = "127.0.0.9";

    private static final int CHUNK = 4096;

    private final int controlPort;
    private final List<ServerSocket> listeners = new CopyOnWriteArrayList<>();
    private final Set<Closeable> controls = ConcurrentHashMap.newKeySet();
    private final Random random;
    private int cuts;
    private int limit;

    /**
     * Starts the network.
     *
     * @param controlPort the server's control port
     * @param firstPassive the first of its passive ports
     */
    Relay(int controlPort, int firstPassive, int passivePorts, long seed) throws IOException {
        this.controlPort = controlPort;
        this.random = new Random(seed);
        listen(controlPort);
        for (int port = firstPassive; port < firstPassive + passivePorts; port++) {
            listen(port);
        }
    }

    /** Resets the next {@code count} uploads, each after a random number of bytes below {@code below}. */
    synchronized void cutUploads(int count, int below) {
        cuts = count;
        limit = below;
    }

    /** Returns how many bytes the next upload may send. */
    private synchronized long nextLimit() {
        return cuts > 0 ? random.nextInt(limit) : Long.MAX_VALUE;
    }

    private synchronized boolean isCutNow() {
        boolean cut = cuts > 0;
        cuts = Math.max(0, cuts - 1);
        return cut;
    }

    private synchronized boolean takesControlAlong() {
        return random.nextBoolean();
    }

    private void listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket(port, 50, InetAddress.getByName(ADDRESS));
        listeners.add(listener);
        daemon("relay-" + port, () -> {
            while (true) {
                forward(listener.accept(), port);
            }
        });
    }

    private void forward(Socket client, int port) throws IOException {
        Socket server = new Socket();
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Closeable both = () -> {
            reset(client);
            reset(server);
        };
        long upstream = port == controlPort ? Long.MAX_VALUE : nextLimit();
        if (port == controlPort) {
            controls.add(both);
        }
        daemon("relay-up", () -> copy(client, server, upstream, both));
        daemon("relay-down", () -> copy(server, client, Long.MAX_VALUE, both));
    }

    private void copy(Socket from, Socket to, long most, Closeable both) throws IOException {
        byte[] buffer = new byte[CHUNK];
        long copied = 0;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            long left = most - copied;
            out.write(buffer, 0, (int) Math.min(count, left));
            copied += count;
            if (count > left && isCutNow()) {
                cut(both);
                return;
            }
        }
        to.shutdownOutput();
    }

    private void cut(Closeable both) throws IOException {
        both.close();
        if (takesControlAlong()) {
            for (Closeable control : controls) {
                control.close();
            }
            controls.clear();
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void daemon(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // One side has ended, or the relay is closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Work that ends with its socket. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        for (Closeable control : controls) {
            control.close();
        }
    }
}
