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
 * Moves the bytes of one connection through a TLS engine, as Hazelcast's pipelines ask for it. One thread reads and
 * another one writes. Either stops when the handshake needs the other one, or a task that takes long, and continues
 * when it is woken.
 */
final class TlsPump {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * The connection whose bytes this is about. Both threads and the threads that run tasks call its methods, which do
     * not block.
     */
    interface Connection {
        /** Makes the reading thread call {@link TlsPump#read} again. */
        void wakeReader();

        /** Makes the writing thread call {@link TlsPump#write} again. */
        void wakeWriter();

        /**
         * The handshake is done: the other end has shown a certificate of the cluster's authority. May be called more
         * than once.
         */
        void established();

        /**
         * TLS has failed. The pump still sends the alert that tells the other end why, and then calls {@link #close}.
         */
        void failed(SSLException reason);

        /** Closes the connection; {@code reason} is for the log. */
        void close(String reason);
    }

    private final SSLEngine engine;
    private final Executor tasks;
    private final Connection connection;
    private final AtomicBoolean tasksRun = new AtomicBoolean();
    /** Decrypted bytes that did not fit, still to be read. Only the reader uses it. */
    private ByteBuffer left = NOTHING;

    private volatile @Nullable SSLException failure;
    /** Whether the alert was made. Only the writer uses it. */
    private boolean alerted;

    TlsPump(SSLEngine engine, Executor tasks, Connection connection) throws SSLException {
        this.engine = engine;
        this.tasks = tasks;
        this.connection = connection;
        engine.beginHandshake();
    }

    /**
     * Decrypts bytes from {@code network} to {@code plain}. {@code network} is read from its position on; {@code plain}
     * is written from its position on.
     *
     * @return CLEAN when more bytes must come from the network first; DIRTY when {@code plain} must be emptied first;
     *     BLOCKED until the reader is woken
     * @throws EOFException when the other end has closed the connection
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

    /**
     * Decrypts one record, straight into {@code plain} if a whole record fits.
     *
     * @return null when TLS has failed
     */
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
     * Encrypts bytes from {@code plain} to {@code network}.
     *
     * @param plain the bytes to encrypt; null when there are none yet
     * @return CLEAN when all bytes were encrypted; DIRTY when {@code network} must be sent first; BLOCKED until the
     *     writer is woken
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
                    // the handshake's own bytes go first
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
                connection.wakeReader(); // the reader's buffer may already hold what the other end has sent
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

    /** Sends the alert with the reason, then closes the connection. */
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

    /** Tasks of the engine take long, so they do not run on the threads that serve all connections. */
    private void runTasks() {
        if (!tasksRun.compareAndSet(false, true)) {
            return; // the thread that runs them wakes both sides
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
