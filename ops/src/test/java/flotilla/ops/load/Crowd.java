package flotilla.ops.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** Many sockets on one thread. It reads from the server only while {@link #await} runs. */
final class Crowd implements AutoCloseable {
    private static final int MAX_KEPT = 8192;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long SELECT_MILLIS = 100;

    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final List<Member> members = new ArrayList<>();
    private final Selector selector;

    Crowd() throws IOException {
        this.selector = Selector.open();
    }

    /** One socket. */
    static final class Member {
        private final SocketChannel channel;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream(64);
        private ByteBuffer toSend = ByteBuffer.allocate(0);
        private boolean ended;

        private Member(SocketChannel channel) {
            this.channel = channel;
        }

        /** Returns the first bytes that arrived. */
        String received() {
            return received.toString(StandardCharsets.ISO_8859_1);
        }

        /** Returns whether the kernel took everything. */
        boolean sent() {
            return !toSend.hasRemaining();
        }

        boolean connected() {
            return channel.isConnected();
        }

        /** Returns whether the server has closed the connection. */
        boolean ended() {
            return ended;
        }
    }

    List<Member> members() {
        return members;
    }

    /** Starts to connect from {@code address} to a port of 127.0.0.1, without waiting for the server. */
    void connect(int count, String address, int port) throws IOException {
        InetSocketAddress target = new InetSocketAddress("127.0.0.1", port);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.bind(new InetSocketAddress(address, 0));
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Member member = new Member(channel);
            boolean connected = channel.connect(target);
            channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, member);
            members.add(member);
        }
    }

    /** Makes every member send this, as far as the server takes it while {@link #await} runs. */
    void send(byte[] bytes) {
        sendEach(index -> bytes);
    }

    /** Makes every member send bytes of its own. */
    void sendEach(IntFunction<byte[]> bytes) {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            member.toSend = ByteBuffer.wrap(bytes.apply(i));
            if (member.connected()) {
                member.channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }
    }

    /** Reads and writes until all members are as described. */
    void await(String what, Predicate<Member> expected) throws IOException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        List<Member> missing = new ArrayList<>(members);
        missing.removeIf(expected);
        while (!missing.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(missing.size() + " of " + members.size() + " are not within " + DEADLINE + ": "
                        + what + "; one got \"" + missing.get(0).received() + '"');
            }
            selector.select(this::serve, SELECT_MILLIS);
            missing.removeIf(expected);
        }
    }

    private void serve(SelectionKey key) {
        Member member = (Member) key.attachment();
        try {
            if (key.isConnectable()) {
                member.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
            if (key.isReadable()) {
                read(member);
            }
            if (key.isValid() && key.isWritable()) {
                member.channel.write(member.toSend);
                if (!member.toSend.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
        } catch (IOException broken) {
            end(member);
        }
    }

    private void read(Member member) throws IOException {
        buffer.clear();
        if (member.channel.read(buffer) < 0) {
            end(member);
            return;
        }
        int kept = Math.min(buffer.position(), MAX_KEPT - member.received.size());
        member.received.write(buffer.array(), 0, Math.max(0, kept));
    }

    private static void end(Member member) {
        member.ended = true;
        close(member);
    }

    private static void close(Member member) {
        try {
            member.channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        members.forEach(Crowd::close);
        selector.close();
    }
}
