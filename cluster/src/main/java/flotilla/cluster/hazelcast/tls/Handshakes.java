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
 * The handshakes under way. Each has a limit in time. Of connections that others make only so many may be there at once: the oldest one gives
 * way, since a node that belongs to the cluster is done in a moment.
 */
final class Handshakes implements AutoCloseable {
    private static final int THREADS = 2;
    /** For the alert that tells the other end why it is refused. */
    private static final long FAREWELL_MILLIS = 1_000;

    private final NodeTls tls;
    private final Duration timeout;
    private final int most;
    private final ScheduledThreadPoolExecutor threads;
    private final Set<TlsLink> pending = new LinkedHashSet<>();
    private final Set<TlsLink> incoming = new LinkedHashSet<>();

    /** @param most connections of others whose handshakes are under way */
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

    /** Runs one task at a time of each handshake under way, so at most as many as there are of these. */
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

    /** @return the one that has to give way */
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

    /** How many are under way. */
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
