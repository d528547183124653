package flotilla.node.session;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address in 227 for clients from outside. Behind a name it may change: the name is looked up again from time to time, never by who needs the address, and the last good
 * one counts until there is a better one. Safe for many threads.
 */
public final class AnnouncedAddress {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncedAddress.class);

    /**
     * What is announced.
     *
     * @param name as it is configured: an IPv4 address or a DNS name
     * @param first what it meant at the start
     * @param refresh how often a name is looked up again
     */
    public record Configured(String name, Inet4Address first, Duration refresh) {}

    /** Looks a name up. */
    public interface Resolver {
        /** Blocks. @throws UnknownHostException when it has no address, or nobody knows now */
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    private final Optional<Configured> configured;
    private final Resolver resolver;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Optional<Inet4Address> current;
    /** Of the look that runs alone. */
    private boolean failing;

    /** @param configured empty for the address that each client dialled */
    public AnnouncedAddress(Optional<Configured> configured, Resolver resolver) {
        this.configured = configured;
        this.resolver = resolver;
        this.current = configured.map(Configured::first);
    }

    /** What to announce now; empty for the address that the client dialled. */
    Optional<Inet4Address> current() {
        return current;
    }

    /** Keeps it up to date from now on. @param blocking where names are looked up */
    public void start(ScheduledExecutorService timers, Executor blocking) {
        configured.filter(address -> !isLiteral(address)).ifPresent(address -> {
            long millis = address.refresh().toMillis();
            timers.scheduleWithFixedDelay(() -> begin(address, blocking), millis, millis, TimeUnit.MILLISECONDS);
        });
    }

    private static boolean isLiteral(Configured address) {
        return address.name().equals(address.first().getHostAddress());
    }

    private void begin(Configured address, Executor blocking) {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            blocking.execute(() -> {
                try {
                    look(address);
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException busy) {
            looking.set(false);
        }
    }

    private void look(Configured address) {
        try {
            List<Inet4Address> found = usable(resolver.resolve(address.name()));
            Inet4Address before = current.orElseThrow();
            if (found.isEmpty()) {
                throw new UnknownHostException("it has no IPv4 address");
            }
            if (!found.contains(before)) {
                current = Optional.of(found.get(0));
                LOG.info(
                        "passive.address {} is {} now, it was {}",
                        address.name(),
                        found.get(0).getHostAddress(),
                        before.getHostAddress());
            } else if (failing) {
                LOG.info("passive.address {} can be looked up again", address.name());
            }
            failing = false;
        } catch (UnknownHostException e) {
            if (!failing) {
                LOG.warn(
                        "passive.address {} cannot be looked up, clients are still told {}: {}",
                        address.name(),
                        current.orElseThrow().getHostAddress(),
                        e.getMessage());
            }
            failing = true;
        }
    }

    /** Those that 227 can carry, in the order of the answer. */
    public static List<Inet4Address> usable(InetAddress[] addresses) {
        return Arrays.stream(addresses)
                .filter(Inet4Address.class::isInstance)
                .map(Inet4Address.class::cast)
                .toList();
    }
}
