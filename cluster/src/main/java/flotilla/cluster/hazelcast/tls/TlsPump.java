package flotilla.cluster.hazelcast.tls;

import com.hazelcast.internal.networking.HandlerStatus;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes of one connection through an engine, as Hazelcast's pipelines ask for it: one thread reads and another one writes, and either
 * stops until it is woken when the handshake needs the other one, or a task that takes long.
 */
final class TlsPump {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The connection that the bytes are of. Its methods are called by both threads and by those that run tasks, and do not block. */
    interface Connection {
        void wakeReader();

        void wakeWriter();

        /** The other end has shown a certificate of the cluster's authority; may be told again. */
        void established();

        /** There will be no connection. What explains it to the other end is still to be sent, then {@link #close} is called. */
        void failed(SSLException reason);

        void close(String reason);
    }

    private final SSLEngine engine;
    private final Executor tasks;
    private final Connection connection;
    private final AtomicBoolean tasksRun = new AtomicBoolean();
    /** What was deciphered and did not fit; to be read. Only the reader's. */
    private ByteBuffer left = NOTHING;

    private volatile @Nullable SSLException failure;
    /** Only the writer's. */
    private boolean alerted;

    TlsPump(SSLEngine engine, Executor tasks, Connection connection) throws SSLException {
        this.engine = engine;
        this.tasks = tasks;
        this.connection = connection;
        engine.beginHandshake();
    }

    /**
     * Deciphers. Both buffers are as between two reads: {@code network} is to be read from its position on, {@code plain} to be written.
     *
     * @return CLEAN when more must come from the network first, DIRTY when {@code plain} must be emptied first, BLOCKED until the reader is woken
     * @throws EOFException when the other end has ended the connection
     */
    HandlerStatus read(ByteBuffer network, ByteBuffer plain) throws EOFException {
        while (true) {
            move(left, plain);
            if (left.hasRemaining()) {
                return HandlerStatus.DIRTY;
            }
            if (failure != null || waitsForOthers()) {
                return HandlerStatus.BLOCKED;
            }
            SSLEngineResult result = unwrap(network, plain);
            if (result == null) {
                return HandlerStatus.BLOCKED;
            }
            switch (result.getStatus()) {
                case CLOSED -> throw new EOFException("TLS was closed by the other end");
                case BUFFER_UNDERFLOW -> {
                    return HandlerStatus.CLEAN;
                }
                default -> tellProgress(result);
            }
        }
    }

    private boolean waitsForOthers() {
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
            return true;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            connection.wakeWriter();
            return true;
        }
        return false;
    }

    /** Straight into {@code plain} where a whole record fits. @return null when the connection failed */
    private @Nullable SSLEngineResult unwrap(ByteBuffer network, ByteBuffer plain) {
        try {
            int record = engine.getSession().getApplicationBufferSize();
            if (plain.remaining() >= record) {
                return engine.unwrap(network, plain);
            }
            ByteBuffer room = left.capacity() >= record ? left.clear() : ByteBuffer.allocate(record);
            left = room;
            try {
                return engine.unwrap(network, room);
            } finally {
                room.flip();
            }
        } catch (SSLException e) {
            fail(e);
            return null;
        }
    }

    /**
     * Enciphers. {@code plain} is to be read, {@code network} to be written.
     *
     * @param plain null when there is nothing yet
     * @return CLEAN when all was enciphered, DIRTY when {@code network} must be sent first, BLOCKED until the writer is woken
     */
    HandlerStatus write(@Nullable ByteBuffer plain, ByteBuffer network) {
        while (true) {
            if (failure != null) {
                return farewell(network);
            }
            HandshakeStatus before = engine.getHandshakeStatus();
            switch (before) {
                case NEED_TASK -> {
                    runTasks();
                    return HandlerStatus.BLOCKED;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return HandlerStatus.BLOCKED;
                }
                case NEED_WRAP -> {
                    // sent before anything else
                }
                default -> {
                    if (plain == null || !plain.hasRemaining()) {
                        return HandlerStatus.CLEAN;
                    }
                }
            }
            SSLEngineResult result;
            try {
                result = engine.wrap(before == HandshakeStatus.NEED_WRAP || plain == null ? NOTHING : plain, network);
            } catch (SSLException e) {
                fail(e);
                continue;
            }
            switch (result.getStatus()) {
                case CLOSED -> {
                    connection.close("TLS was closed");
                    return HandlerStatus.BLOCKED;
                }
                case BUFFER_OVERFLOW -> {
                    return HandlerStatus.DIRTY;
                }
                default -> tellProgress(result);
            }
            if (before == HandshakeStatus.NEED_WRAP && result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                connection.wakeReader(); // what the other end sent meanwhile lies in its buffer already
            }
        }
    }

    private void tellProgress(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            connection.established();
            connection.wakeWriter();
        }
    }

    private void fail(SSLException e) {
        failure = e;
        connection.failed(e);
        connection.wakeWriter();
    }

    /** Sends the alert that says why, then closes. */
    private HandlerStatus farewell(ByteBuffer network) {
        if (!alerted) {
            alerted = true;
            try {
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                        && engine.wrap(NOTHING, network).bytesProduced() > 0) {
                    // an alert is one record
                }
            } catch (SSLException e) {
                connection.close(String.valueOf(e.getMessage()));
            }
        }
        if (network.position() > 0) {
            return HandlerStatus.DIRTY;
        }
        connection.close("TLS failed");
        return HandlerStatus.BLOCKED;
    }

    /** Off the threads that serve all connections. */
    private void runTasks() {
        if (!tasksRun.compareAndSet(false, true)) {
            return; // whoever runs them wakes both
        }
        try {
            tasks.execute(() -> {
                try {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                } finally {
                    tasksRun.set(false);
                    connection.wakeReader();
                    connection.wakeWriter();
                }
            });
        } catch (RejectedExecutionException ending) {
            connection.close("this node ends");
        }
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        if (count > 0) {
            to.put(to.position(), from, from.position(), count);
            to.position(to.position() + count);
            from.position(from.position() + count);
        }
    }
}
