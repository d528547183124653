package flotilla.node.data;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/** A socket channel that reads from an array, so that 20,000 inputs need no 20,000 connections. */
final class MemorySocket extends SocketChannel {
    private ByteBuffer input = ByteBuffer.allocate(0);

    MemorySocket() {
        super(SelectorProvider.provider());
    }

    void input(byte[] bytes) {
        input = ByteBuffer.wrap(bytes);
    }

    int left() {
        return input.remaining();
    }

    @Override
    public int read(ByteBuffer buffer) {
        if (!input.hasRemaining()) {
            return -1;
        }
        int count = Math.min(input.remaining(), buffer.remaining());
        buffer.put(input.slice(input.position(), count));
        input.position(input.position() + count);
        return count;
    }

    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() {
        return this;
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        return true;
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        throw new IOException("none");
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        throw new IOException("none");
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
}
