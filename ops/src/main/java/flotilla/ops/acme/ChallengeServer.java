package flotilla.ops.acme;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers HTTP-01 challenges (RFC 8555, section 8.3), and nothing else: one request a connection, a few connections at
 * a time, each for a few seconds. Connections beyond those that may wait are closed.
 */
final class ChallengeServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChallengeServer.class);
    private static final Pattern REQUEST =
            Pattern.compile("GET /\\.well-known/acme-challenge/([A-Za-z0-9_-]{1,200}) HTTP/1\\.[01]\r\n");
    private static final int BACKLOG = 50;
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final int MOST_BYTES = 4096;
    private static final long SECONDS = 5;

    private final List<ServerSocket> sockets = new ArrayList<>();
    private final Function<String, CompletionStage<Optional<String>>> answers;
    private final ThreadPoolExecutor threads;

    private ChallengeServer(Function<String, CompletionStage<Optional<String>>> answers) {
        this.answers = answers;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), ChallengeServer::daemon);
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "flotilla-acme-http");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Listens on all addresses.
     *
     * @param answers finds the key authorization for a token
     * @throws IOException when an address is taken; the message names it
     */
    static ChallengeServer open(
            List<InetAddress> bind, int port, Function<String, CompletionStage<Optional<String>>> answers)
            throws IOException {
        ChallengeServer server = new ChallengeServer(answers);
        for (InetAddress address : bind) {
            try {
                ServerSocket socket = new ServerSocket();
                server.sockets.add(socket);
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(address, port), BACKLOG);
                daemon(() -> server.accept(socket)).start();
            } catch (IOException e) {
                server.close();
                throw new IOException(
                        "cannot listen on " + address.getHostAddress() + ":" + port + " (flotilla.tls.acme.http-port): "
                                + e.getMessage(),
                        e);
            }
        }
        return server;
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                try {
                    threads.execute(() -> serve(socket));
                } catch (RejectedExecutionException busy) {
                    socket.close();
                }
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.warn("connections for challenges cannot be accepted: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    /** Waits until there may be a file descriptor again. */
    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }

    private void serve(Socket socket) {
        try (socket) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            Matcher request = REQUEST.matcher(head(socket, deadline));
            Optional<String> answer = request.lookingAt()
                    ? answers.apply(request.group(1)).toCompletableFuture().get(SECONDS, TimeUnit.SECONDS)
                    : Optional.empty();
            answer.ifPresent(found -> LOG.info(
                    "{} was told the answer to a challenge",
                    socket.getInetAddress().getHostAddress()));
            byte[] body = answer.orElse("").getBytes(StandardCharsets.US_ASCII);
            String head = (answer.isPresent() ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found")
                    + "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + body.length
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.shutdownOutput();
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.debug("a question about a challenge was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads a request up to its empty line. */
    private static String head(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[MOST_BYTES];
        int length = 0;
        while (length < bytes.length) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            socket.setSoTimeout((int) Math.max(1, left));
            int read = in.read(bytes, length, bytes.length - length);
            if (read < 0 || left <= 0) {
                throw new IOException("the request is not complete");
            }
            length += read;
            String text = new String(bytes, 0, length, StandardCharsets.US_ASCII);
            if (text.contains("\r\n\r\n")) {
                return text;
            }
        }
        throw new IOException("the request is too long");
    }

    /** The port of the first address. */
    int port() {
        return sockets.get(0).getLocalPort();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        for (ServerSocket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("on the way out", e);
            }
        }
    }
}
