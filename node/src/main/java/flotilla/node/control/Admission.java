package flotilla.node.control;

import flotilla.cluster.AddressBlock;
import flotilla.cluster.Bans;
import flotilla.cluster.Holder;
import flotilla.cluster.Limits;
import flotilla.node.auth.Networks;
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

/** Who may connect: asked before anything is spent on TLS. */
final class Admission {
    private final Bans bans;
    private final Limits limits;
    private final ControlSettings settings;
    private final AtomicBoolean draining = new AtomicBoolean();
    /** Connections without a login, by address block. */
    private final ConcurrentHashMap<String, Integer> strangers = new ConcurrentHashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile BooleanSupplier storageIsThere = () -> true;

    Admission(Bans bans, Limits limits, ControlSettings settings) {
        this.bans = bans;
        this.limits = limits;
        this.settings = settings;
    }

    void drain(boolean on) {
        draining.set(on);
    }

    /** Refuses everybody while the storage is not there. */
    void require(BooleanSupplier storage) {
        storageIsThere = storage;
    }

    /**
     * Takes a slot of the address and one of the total for a session; a refusal leaves nothing taken. Where there is none, it looks a
     * second time a little later: a client that ends a session and comes back at once may be here before its slot is. So it does only
     * while less than half of those that may wait do, for slots are most asked for by those that do not get them.
     *
     * @param later when to look a second time
     */
    CompletionStage<Optional<Refusal>> admit(Holder holder, InetAddress client, ScheduledExecutorService later) {
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
        if (waiting.incrementAndGet() > settings.maxWaiting()) {
            waiting.decrementAndGet();
            return refused(Refusal.OVERLOADED);
        }
        return take(holder, client)
                .thenCompose(refusal -> refusal.isPresent() && waiting.get() <= settings.maxWaiting() / 2
                        ? takeLater(holder, client, later)
                        : CompletableFuture.completedFuture(refusal))
                .whenComplete((refusal, failure) -> waiting.decrementAndGet());
    }

    /** Whether one more connection of that address may be there without a login. A balancer's address stands for many clients. */
    private boolean enters(InetAddress client) {
        int most = settings.maxUnauthenticatedPerAddress();
        if (most == 0 || Networks.contains(settings.proxy().trusted(), client)) {
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

    /** A connection that was let in has logged in, or is gone; told once. */
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
                settings.secondLook().toMillis(),
                TimeUnit.MILLISECONDS);
        return taken;
    }

    private CompletionStage<Optional<Refusal>> take(Holder holder, InetAddress client) {
        return limits.acquire(Limits.Key.address(client), holder, settings.maxPerAddress())
                .thenCompose(address -> address ? takeTotal(holder, client) : refused(Refusal.ADDRESS_SESSIONS));
    }

    private CompletionStage<Optional<Refusal>> takeTotal(Holder holder, InetAddress client) {
        return limits.acquire(Limits.Key.TOTAL, holder, settings.maxSessions()).thenCompose(total -> {
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
