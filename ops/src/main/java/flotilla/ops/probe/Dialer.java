package flotilla.ops.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens TCP connections, each within the timeout. */
final class Dialer {
    private final Optional<InetAddress> from;
    private final Duration timeout;

    Dialer(Optional<InetAddress> from, Duration timeout) {
        this.from = from;
        this.timeout = timeout;
    }

    Duration timeout() {
        return timeout;
    }

    /**
     * Returns the addresses of a host.
     *
     * @throws UnknownHostException when there are none, or nobody answers in time
     */
    List<InetAddress> resolve(String host) throws UnknownHostException {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        Thread asking = new Thread(
                () -> {
                    try {
                        answer.complete(List.of(InetAddress.getAllByName(host)));
                    } catch (UnknownHostException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "probe-names");
        asking.setDaemon(true);
        asking.start();
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnknownHostException("no name server answered within " + Why.seconds(timeout));
        } catch (ExecutionException e) {
            throw new UnknownHostException("there is no such name");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        }
    }

    /** Connects. */
    Socket dial(InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        try {
            if (from.isPresent()) {
                socket.bind(new InetSocketAddress(from.get(), 0));
            }
            socket.connect(to, Math.toIntExact(timeout.toMillis()));
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            Watch.close(socket);
            throw e;
        }
    }
}
