package flotilla.node.control;

import flotilla.cluster.AddressBlock;
import flotilla.cluster.Bans;
import flotilla.cluster.Holder;
import flotilla.cluster.Limits;
import flotilla.node.event.NodeEvent.Refusal;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Decides which clients may connect, before TLS costs anything. */
final class Admission {
    private final Bans bans;
    private final Limits limits;
    private final Supplier<ControlSettings> settings;
    private final AtomicBoolean draining = new AtomicBoolean();
    /** Number of connections without a login, by address block. */
    private final ConcurrentHashMap<String, Integer> strangers = new ConcurrentHashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile BooleanSupplier storageIsThere = () -> true;
    private volatile Predicate<InetAddress> addresses = any -> true;

    Admission(Bans bans, Limits limits, Supplier<ControlSettings> settings) {
        this.bans = bans;
        this.limits = limits;
        this.settings = settings;
    }

    void drain(boolean on) {
        draining.set(on);
    }

    /** Refuses clients with other addresses. */
    void admitOnly(Predicate<InetAddress> allowed) {
        addresses = allowed;
    }

    /** Refuses every client while the storage is not available. */
    void require(BooleanSupplier storage) {
        storageIsThere = storage;
    }

    /**
     * Takes a slot of the address and one of the total for a session; a refusal leaves no slot taken. When no slot is
     * free, it asks a second time a little later: a client that ends a session and returns at once may arrive before
     * its slot is released. It asks only once when more than half of the places for waiting connections are in use,
     * because clients without a slot ask most.
     *
     * @param later schedules the second question
     * @return the reason of a refusal; empty when the session is admitted
     */
    CompletionStage<Optional<Refusal>> admit(Holder holder, InetAddress client, ScheduledExecutorService later) {
        if (!addresses.test(client)) {
            return refused(Refusal.ADDRESS_DENIED);
        }
        if (draining.get()) {
            return refused(Refusal.DRAINING);
        }
        if (!storageIsThere.getAsBoolean()) {
            return refused(Refusal.STORAGE);
        }
        if (bans.find(client).isPresent()) {
            return refused(Refusal.BANNED);
        }
        if (!enters(client)) {
            return refused(Refusal.UNAUTHENTICATED);
        }
        return takeAll(holder, client, later).whenComplete((refusal, failure) -> {
            if (failure != null || refusal.isPresent()) {
                known(client);
            }
        });
    }

    private CompletionStage<Optional<Refusal>> takeAll(
            Holder holder, InetAddress client, ScheduledExecutorService later) {
        if (waiting.incrementAndGet() > settings.get().admission().maxWaiting()) {
            waiting.decrementAndGet();
            return refused(Refusal.OVERLOADED);
        }
        return take(holder, client)
                .thenCompose(refusal -> refusal.isPresent()
                                && waiting.get() <= settings.get().admission().maxWaiting() / 2
                        ? takeLater(holder, client, later)
                        : CompletableFuture.completedFuture(refusal))
                .whenComplete((refusal, failure) -> waiting.decrementAndGet());
    }

    /**
     * Counts one more connection without a login for this address, if the limit allows it. A balancer has no limit,
     * because its address stands for many clients.
     */
    private boolean enters(InetAddress client) {
        int most = settings.get().admission().maxUnauthenticatedPerAddress();
        if (most == 0 || settings.get().listeners().proxy().trusts(client)) {
            return true;
        }
        boolean[] entered = {false};
        strangers.compute(AddressBlock.of(client), (block, there) -> {
            int now = there == null ? 0 : there;
            entered[0] = now < most;
            return entered[0] ? Integer.valueOf(now + 1) : there;
        });
        return entered[0];
    }

    /**
     * Stops counting an admitted connection as one without a login: it has logged in or has gone. Called once for each
     * connection.
     */
    void known(InetAddress client) {
        strangers.computeIfPresent(AddressBlock.of(client), (block, there) -> there > 1 ? there - 1 : null);
    }

    private CompletionStage<Optional<Refusal>> takeLater(
            Holder holder, InetAddress client, ScheduledExecutorService later) {
        CompletableFuture<Optional<Refusal>> taken = new CompletableFuture<>();
        later.schedule(
                () -> take(holder, client).whenComplete((refusal, failure) -> {
                    if (failure == null) {
                        taken.complete(refusal);
                    } else {
                        taken.completeExceptionally(failure);
                    }
                }),
                settings.get().admission().secondLook().toMillis(),
                TimeUnit.MILLISECONDS);
        return taken;
    }

    private CompletionStage<Optional<Refusal>> take(Holder holder, InetAddress client) {
        return limits.acquire(
                        Limits.Key.address(client),
                        holder,
                        settings.get().admission().maxPerAddress())
                .thenCompose(address -> address ? takeTotal(holder, client) : refused(Refusal.ADDRESS_SESSIONS));
    }

    private CompletionStage<Optional<Refusal>> takeTotal(Holder holder, InetAddress client) {
        return limits.acquire(
                        Limits.Key.TOTAL, holder, settings.get().admission().maxSessions())
                .thenCompose(total -> {
                    if (total) {
                        return CompletableFuture.completedFuture(Optional.empty());
                    }
                    limits.release(Limits.Key.address(client), holder.session());
                    return refused(Refusal.TOTAL_SESSIONS);
                });
    }

    void release(String sessionId, InetAddress client) {
        limits.release(Limits.Key.address(client), sessionId);
        limits.release(Limits.Key.TOTAL, sessionId);
    }

    private static CompletionStage<Optional<Refusal>> refused(Refusal why) {
        return CompletableFuture.completedFuture(Optional.of(why));
    }

    static String text(Refusal why) {
        return switch (why) {
            case ADDRESS_DENIED -> "Your address may not connect here.";
            case BANNED -> "Your address is banned for a while.";
            case TOTAL_SESSIONS -> "Too many sessions, please try again later.";
            case ADDRESS_SESSIONS -> "Too many sessions from your address, please try again later.";
            case UNAUTHENTICATED -> "Too many connections from your address that have not logged in.";
            case OVERLOADED -> "Too many connections at once, please try again later.";
            case STORAGE -> "The storage is not available, please try again later.";
            case DRAINING -> "Service is moving, please reconnect.";
            case NO_PROXY_HEADER, UNTRUSTED_PROXY -> "Not through this door.";
        };
    }
}
