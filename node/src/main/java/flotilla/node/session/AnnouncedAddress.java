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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The IPv4 address that reply 227 announces to clients from outside. A DNS name is looked up again from time to time,
 * on another thread; no session waits for that. A failed lookup leaves the last address in force. Safe for many
 * threads.
 */
public final class AnnouncedAddress {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncedAddress.class);

    /** The interval at which a name may be due. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /**
     * The address as an operator configured it.
     *
     * @param name an IPv4 address or a DNS name
     * @param first the address that {@code name} had at the start
     * @param refresh the pause between two lookups of a name
     */
    public record Configured(String name, Inet4Address first, Duration refresh) {}

    /** Looks up a DNS name. */
    public interface Resolver {
        /**
         * Returns all addresses of a name. Blocks.
         *
         * @throws UnknownHostException when the name has no address, or no name server answers
         */
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    private volatile Optional<Configured> configured;
    private final Resolver resolver;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Optional<Inet4Address> current;
    /** True while lookups fail, so that a failure is logged once. Only one lookup runs at a time. */
    private boolean failing;

    /**
     * Announces the configured address.
     *
     * @param configured empty when each client is told the address that it dialled
     */
    public AnnouncedAddress(Optional<Configured> configured, Resolver resolver) {
        this.configured = configured;
        this.resolver = resolver;
        this.current = configured.map(Configured::first);
    }

    /** The address to announce now; empty for the address that the client dialled. */
    Optional<Inet4Address> current() {
        return current;
    }

    /**
     * Announces another address from now on.
     *
     * @param next empty when each client is told the address that it dialled
     */
    public synchronized void use(Optional<Configured> next) {
        if (!next.equals(configured)) {
            configured = next;
            current = next.map(Configured::first);
        }
    }

    /**
     * Starts the repeated lookups, each after the pause that is in force then. An address that is no name is not looked
     * up.
     *
     * @param blocking runs the lookups, which block
     */
    public void start(ScheduledExecutorService timers, Executor blocking) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        timers.scheduleWithFixedDelay(
                () -> configured
                        .filter(address -> !isLiteral(address))
                        .filter(address -> System.nanoTime() - last.get()
                                >= address.refresh().toNanos())
                        .ifPresent(address -> {
                            last.set(System.nanoTime());
                            begin(address, blocking);
                        }),
                LOOK.toMillis(),
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
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
            if (found.isEmpty()) {
                throw new UnknownHostException("it has no IPv4 address");
            }
            take(address, found);
            failing = false;
        } catch (UnknownHostException e) {
            if (!failing) {
                LOG.warn(
                        "passive.address {} cannot be looked up, clients are still told {}: {}",
                        address.name(),
                        current.map(Inet4Address::getHostAddress).orElse("the address that they dialled"),
                        e.getMessage());
            }
            failing = true;
        }
    }

    private synchronized void take(Configured address, List<Inet4Address> found) {
        if (!configured.equals(Optional.of(address))) {
            return; // another one is announced by now
        }
        Inet4Address before = current.orElseThrow();
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
    }

    /** The IPv4 addresses among these, in the same order: reply 227 can carry no others (RFC 959, section 4.2). */
    public static List<Inet4Address> usable(InetAddress[] addresses) {
        return Arrays.stream(addresses)
                .filter(Inet4Address.class::isInstance)
                .map(Inet4Address.class::cast)
                .toList();
    }
}
