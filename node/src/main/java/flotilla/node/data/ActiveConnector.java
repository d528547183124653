package flotilla.node.data;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Opens data connections to clients (PORT, EPRT), from the address that the client dialled for its control connection.
 */
public final class ActiveConnector {
    private final Supplier<DataSettings> settings;
    private final DataConnections connections;
    private final Executor blocking;

    public ActiveConnector(Supplier<DataSettings> settings, DataConnections connections, Executor blocking) {
        this.settings = settings;
        this.connections = connections;
        this.blocking = blocking;
    }

    /**
     * Connects on another thread and starts a data connection.
     *
     * @param from the local address to connect from
     * @param to the client's address
     * @param failed runs when the connection fails
     */
    public void connect(InetAddress from, InetSocketAddress to, String sessionId, Runnable failed) {
        try {
            blocking.execute(() -> {
                try {
                    connections.startActive(connected(from, to), to.getAddress(), sessionId);
                } catch (IOException e) {
                    failed.run();
                }
            });
        } catch (RejectedExecutionException busy) {
            failed.run();
        }
    }

    private SocketChannel connected(InetAddress from, InetSocketAddress to) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // Several connections may have one local port, each to another port or host.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, settings.get().activePort() != 0);
            channel.bind(new InetSocketAddress(from, settings.get().activePort()));
            channel.socket().connect(to, (int) settings.get().connectTimeout().toMillis());
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
