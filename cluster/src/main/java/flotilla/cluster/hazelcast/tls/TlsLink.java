package flotilla.cluster.hazelcast.tls;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.server.ServerConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One connection of Hazelcast, with its TLS. */
final class TlsLink implements TlsPump.Connection {
    private final Channel channel;
    private final Handshakes handshakes;
    private @Nullable TlsPump pump;
    private volatile boolean established;

    TlsLink(Channel channel, Handshakes handshakes) {
        this.channel = channel;
        this.handshakes = handshakes;
    }

    /**
     * The pump, made at the first byte in either direction: only then the address of the other end of an outgoing
     * connection is known.
     */
    synchronized TlsPump pump() throws SSLException {
        TlsPump begun = pump;
        if (begun == null) {
            begun = new TlsPump(handshakes.engine(this), handshakes.tasks(), this);
            pump = begun;
            handshakes.begin(this);
        }
        return begun;
    }

    /** Whether this node opened the connection. */
    boolean isOutgoing() {
        return channel.isClientMode();
    }

    boolean isEstablished() {
        return established;
    }

    boolean isClosed() {
        return channel.isClosed();
    }

    /** The address of the other end; {@code unknown:0} when there is none. */
    InetSocketAddress remote() {
        SocketAddress address = channel.remoteSocketAddress();
        return address instanceof InetSocketAddress known ? known : InetSocketAddress.createUnresolved("unknown", 0);
    }

    /**
     * Replaces the I/O error of a connection whose handshake is not done with an {@link EOFException}, which Hazelcast
     * does not log as a warning. Otherwise a stranger could fill the log with connections that it resets.
     */
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
     * The connection is closed without a cause: Hazelcast would log a cause as a warning, and strangers could cause as
     * many as they like. A selector notices a closed socket only at its next look, which may be seconds later; so both
     * pipelines are woken.
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
            // the channel is of no use any more
        }
    }
}
