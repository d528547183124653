package flotilla.node.data;

import flotilla.node.control.ProxiedAddresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the PROXY header (version 1 or 2) of a data connection. Blocks; the caller limits the time by closing the
 * socket.
 */
final class ProxyHeaderReader {
    private static final byte[] V2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int V1_MAX = 107;
    private static final int V2_FIXED = 16;
    private static final int V2_MAX = V2_FIXED + 2048;

    /**
     * The result of a read.
     *
     * @param client the client behind the balancer; empty when no header names it
     * @param early bytes of the stream itself that were read, when there is no header
     */
    record Header(Optional<InetAddress> client, ByteBuffer early) {
        static final Header NONE = new Header(Optional.empty(), ByteBuffer.allocate(0));
    }

    /** The peer left without a byte, as a health probe does. */
    static final class NothingCame extends IOException {
        private static final long serialVersionUID = 1L;

        NothingCame() {
            super("nothing came");
        }
    }

    private final SocketChannel socket;

    ProxyHeaderReader(SocketChannel socket) {
        this.socket = socket;
    }

    /**
     * Reads a header if there is one. A stream that begins otherwise, or with silence for {@code timeout}, has none.
     */
    Header readIfAny(Duration timeout) throws IOException {
        int first;
        try {
            socket.socket().setSoTimeout((int) timeout.toMillis());
            first = socket.socket().getInputStream().read();
        } catch (SocketTimeoutException silence) {
            return Header.NONE;
        }
        if (first == V2[0]) {
            return decode(version2((byte) first));
        }
        if (first == 'P') {
            return decode(version1((byte) first));
        }
        return new Header(
                Optional.empty(), first < 0 ? ByteBuffer.allocate(0) : ByteBuffer.wrap(new byte[] {(byte) first}));
    }

    /**
     * Reads the header and no byte of the stream behind it.
     *
     * @throws NothingCame when the peer left at once
     * @throws IOException when the header is cut off, too long or invalid
     */
    Header read() throws IOException {
        ByteBuffer first = ByteBuffer.allocate(1);
        readFirst(first);
        byte[] bytes = first.get(0) == V2[0] ? version2(first.get(0)) : version1(first.get(0));
        return decode(bytes);
    }

    /**
     * Reads the first byte. A balancer may end its probe with a reset; a socket that we closed was silent for too long.
     */
    private void readFirst(ByteBuffer first) throws IOException {
        int count;
        try {
            count = socket.read(first);
        } catch (ClosedChannelException overdue) {
            throw overdue;
        } catch (IOException reset) {
            throw new NothingCame();
        }
        if (count < 0) {
            throw new NothingCame();
        }
    }

    private byte[] version2(byte first) throws IOException {
        ByteBuffer fixed = ByteBuffer.allocate(V2_FIXED);
        fixed.put(first);
        readFully(fixed);
        for (int i = 0; i < V2.length; i++) {
            if (fixed.get(i) != V2[i]) {
                throw new IOException("not a PROXY header");
            }
        }
        int length = V2_FIXED + (fixed.getShort(14) & 0xffff);
        if (length > V2_MAX) {
            throw new IOException("the PROXY header is too long");
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        all.put(fixed.flip());
        readFully(all);
        return all.array();
    }

    /** Reads byte by byte, because the bytes after the line belong to the stream. */
    private byte[] version1(byte first) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(V1_MAX);
        line.put(first);
        while (line.get(line.position() - 1) != '\n') {
            if (!line.hasRemaining()) {
                throw new IOException("the PROXY header is too long");
            }
            ByteBuffer one = ByteBuffer.allocate(1);
            readFully(one);
            line.put(one.get(0));
        }
        byte[] bytes = new byte[line.position()];
        line.flip().get(bytes);
        return bytes;
    }

    private void readFully(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                throw new IOException("the connection ended in the PROXY header");
            }
        }
    }

    private static Header decode(byte[] bytes) throws IOException {
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        ByteBuf wire = Unpooled.wrappedBuffer(bytes);
        try {
            channel.writeInbound(wire);
            HAProxyMessage message = channel.readInbound();
            if (message == null) {
                throw new IOException("not a PROXY header");
            }
            try {
                if (ProxiedAddresses.areOfDatagrams(message)) {
                    throw new IOException("the PROXY header tells of datagrams");
                }
                return new Header(
                        ProxiedAddresses.of(message).client().map(InetSocketAddress::getAddress),
                        ByteBuffer.allocate(0));
            } finally {
                message.release();
            }
        } catch (RuntimeException e) {
            throw new IOException("not a PROXY header", e);
        } finally {
            discard(channel);
        }
    }

    /** Releases the decoder. It decodes invalid bytes again when it finishes, and fails again. */
    private static void discard(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (RuntimeException knownAlready) {
            channel.releaseInbound();
        }
    }
}
