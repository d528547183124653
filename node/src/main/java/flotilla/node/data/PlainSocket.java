package flotilla.node.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A data connection in clear (PROT C). */
final class PlainSocket implements DataSocket {
    private final SocketChannel channel;
    private final ByteBuffer early;

    /**
     * Creates the stream.
     *
     * @param early bytes that were read before, behind a PROXY header
     */
    PlainSocket(SocketChannel channel, ByteBuffer early) {
        this.channel = channel;
        this.early = early;
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        if (early.hasRemaining()) {
            int count = Math.min(early.remaining(), buffer.remaining());
            buffer.put(early.slice(early.position(), count));
            early.position(early.position() + count);
            return count;
        }
        return channel.read(buffer);
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void finish(ByteBuffer buffer) throws IOException {
        write(buffer);
        channel.shutdownOutput();
    }

    @Override
    public void acknowledgeEnd() {
        // A FIN is answered by our own FIN, which close() sends.
    }

    @Override
    public boolean endedCleanly() {
        return true;
    }
}
