package flotilla.cluster.hazelcast.tls;

import flotilla.cluster.protection.NodeTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The TLS handshakes under way. Each has a time limit. The number of handshakes on accepted connections is limited,
 * too: the oldest one gives way. A node that belongs to the cluster finishes its handshake in a moment, so it does not
 * suffer from that.
 */
final class Handshakes implements AutoCloseable {
    private static final int THREADS = 2;
    /** Time for the alert that tells the other end why it is refused. */
    private static final long FAREWELL_MILLIS = 1_000;

    private final NodeTls tls;
    private final Duration timeout;
    private final int most;
    private final ScheduledThreadPoolExecutor threads;
    private final Set<TlsLink> pending = new LinkedHashSet<>();
    private final Set<TlsLink> incoming = new LinkedHashSet<>();

    /**
     * Limits handshakes.
     *
     * @param timeout longest handshake
     * @param most most handshakes on accepted connections at once
     */
    Handshakes(NodeTls tls, Duration timeout, int most) {
        this.tls = tls;
        this.timeout = timeout;
        this.most = most;
        this.threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, "flotilla-hazelcast-tls");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
    }

    /** Runs the tasks of handshakes, at most one at a time of each. */
    Executor tasks() {
        return threads;
    }

    SSLEngine engine(TlsLink link) {
        InetSocketAddress remote = link.remote();
        return link.isOutgoing()
                ? tls.connecting(remote.getHostString(), remote.getPort())
                : tls.accepting(remote.getHostString(), remote.getPort());
    }

    void begin(TlsLink link) {
        enter(link).ifPresent(oldest -> oldest.close("too many handshakes at once"));
        if (!threads.isShutdown()) {
            threads.schedule(() -> expire(link), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Notes a handshake.
     *
     * @return the handshake that has to give way to it
     */
    private synchronized Optional<TlsLink> enter(TlsLink link) {
        pending.add(link);
        if (link.isOutgoing()) {
            return Optional.empty();
        }
        incoming.add(link);
        incoming.removeIf(TlsLink::isClosed);
        if (incoming.size() <= most) {
            return Optional.empty();
        }
        Iterator<TlsLink> oldestFirst = incoming.iterator();
        TlsLink oldest = oldestFirst.next();
        oldestFirst.remove();
        return Optional.of(oldest);
    }

    synchronized void end(TlsLink link) {
        pending.remove(link);
        incoming.remove(link);
    }

    /** The number of handshakes under way. */
    synchronized int underWay() {
        return pending.size();
    }

    private void expire(TlsLink link) {
        if (!link.isEstablished() && !link.isClosed()) {
            tell(link, "no TLS handshake within " + timeout.toMillis() + " ms");
            link.close("no TLS handshake in time");
        }
        end(link);
    }

    void failed(TlsLink link, SSLException reason) {
        tell(link, String.valueOf(reason.getMessage()));
        if (!threads.isShutdown()) {
            threads.schedule(() -> link.close("TLS failed"), FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tell(TlsLink link, String reason) {
        InetSocketAddress remote = link.remote();
        tls.refusals()
                .tell(
                        remote.getHostString(),
                        (link.isOutgoing()
                                        ? "Hazelcast's connection to " + remote.getHostString() + ':' + remote.getPort()
                                        : "a connection from " + remote.getHostString() + " to Hazelcast's port")
                                + " failed, as with a node of another authority or with somebody who is none: "
                                + reason);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
