package flotilla.cluster.hazelcast.tls;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.server.ServerConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One connection of Hazelcast and its TLS. */
final class TlsLink implements TlsPump.Connection {
    private final Channel channel;
    private final Handshakes handshakes;
    private @Nullable TlsPump pump;
    private volatile boolean established;

    TlsLink(Channel channel, Handshakes handshakes) {
        this.channel = channel;
        this.handshakes = handshakes;
    }

    /** Begins with the first byte in either direction: only then the other end's address is known of a connection that is ours. */
    synchronized TlsPump pump() throws SSLException {
        TlsPump begun = pump;
        if (begun == null) {
            begun = new TlsPump(handshakes.engine(this), handshakes.tasks(), this);
            pump = begun;
            handshakes.begin(this);
        }
        return begun;
    }

    /** Whether this node connects. */
    boolean isOutgoing() {
        return channel.isClientMode();
    }

    boolean isEstablished() {
        return established;
    }

    boolean isClosed() {
        return channel.isClosed();
    }

    /** The other end. */
    InetSocketAddress remote() {
        SocketAddress address = channel.remoteSocketAddress();
        return address instanceof InetSocketAddress known ? known : InetSocketAddress.createUnresolved("unknown", 0);
    }

    /** A connection that ends before it is known is told as one that was closed: else each that a stranger resets were a warning. */
    void quieten(Throwable error) throws EOFException {
        if (!established && error instanceof IOException) {
            throw new EOFException(error.getMessage());
        }
    }

    @Override
    public void wakeReader() {
        if (!channel.isClosed()) {
            channel.inboundPipeline().wakeup();
        }
    }

    @Override
    public void wakeWriter() {
        if (!channel.isClosed()) {
            channel.outboundPipeline().wakeup();
        }
    }

    @Override
    public void established() {
        established = true;
        handshakes.end(this);
    }

    @Override
    public void failed(SSLException reason) {
        handshakes.failed(this, reason);
    }

    /**
     * Without a cause: that would be a warning in the log, which strangers could cause as often as they like. A socket that a selector knows is
     * closed when that looks at it next, which may be in seconds.
     */
    @Override
    public void close(String reason) {
        handshakes.end(this);
        Object connection = channel.attributeMap().get(ServerConnection.class);
        if (connection instanceof ServerConnection known) {
            known.close(reason, null);
        } else {
            closeChannel();
        }
        channel.inboundPipeline().wakeup();
        channel.outboundPipeline().wakeup();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException closed) {
            // nothing more can be done
        }
    }
}
