package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.QuotaLedger.Usage.NOTHING;

import flotilla.cluster.QuotaLedger.Reservation;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord.Hold;
import flotilla.cluster.hazelcast.entry.HoldProcessors;
import flotilla.cluster.hazelcast.entry.QuotaProcessors;
import flotilla.cluster.stage.Voids;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hold in the book of a user. Each step carries the whole amount, not a difference, so that repeating it does no
 * harm. While a node of the previous release is a member, differences are added and subtracted instead, as that release
 * does; then nothing releases the reservations of a node that dies.
 */
final class SharedReservation implements Reservation {
    private static final Logger LOG = LoggerFactory.getLogger(SharedReservation.class);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final SharedQuotas quotas;
    private final String user;
    private final UUID member;
    private final String id;
    private volatile Usage held = NOTHING;
    private volatile boolean shown;
    /** Whether the amount was only added to the usage, because a node of the previous release was a member. */
    private volatile boolean added;

    private volatile boolean taken;

    SharedReservation(SharedQuotas quotas, String user, UUID member) {
        this.quotas = quotas;
        this.user = user;
        this.member = member;
        this.id = member + "#" + NUMBERS.incrementAndGet();
    }

    @Override
    public CompletionStage<Boolean> hold(Usage amount, Usage limit) {
        CompletionStage<Boolean> answer = isOnlyAdded() ? add(minus(amount, held), limit) : take(amount, limit);
        return answer.thenApply(granted -> {
            if (granted) {
                held = amount;
            }
            return granted;
        });
    }

    private boolean isOnlyAdded() {
        if (!taken && !added) {
            added = !quotas.allKeepHolds();
        }
        return added;
    }

    private CompletionStage<Boolean> add(Usage more, Usage limit) {
        return quotas.step(user, onRecord -> new QuotaProcessors.Reserve(more, limit, onRecord))
                .thenApply(Optional::orElseThrow);
    }

    private CompletionStage<Boolean> take(Usage amount, Usage limit) {
        taken = true;
        Hold hold = new Hold(id, member, amount.bytes(), amount.files(), shown);
        return quotas.step(user, onRecord -> new HoldProcessors.Take(hold, limit, onRecord))
                .thenApply(Optional::orElseThrow);
    }

    @Override
    public CompletionStage<Void> show() {
        shown = true;
        return isOnlyAdded()
                ? CompletableFuture.completedFuture(null)
                : take(held, NOTHING).thenApply(Voids::of);
    }

    @Override
    public CompletionStage<Void> settle(Usage change, boolean certain) {
        if (!added && !taken) {
            return CompletableFuture.completedFuture(null);
        }
        return booking(change, certain)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "a change of {} by {} bytes is booked later: {}",
                                user,
                                change.bytes(),
                                failure.toString());
                        quotas.unsettled().add(() -> booking(change, certain));
                    }
                })
                .thenApply(Voids::of);
    }

    private CompletionStage<Boolean> booking(Usage change, boolean certain) {
        return added
                ? add(minus(change, held), NOTHING)
                : quotas.step(user, onRecord -> new HoldProcessors.Settle(id, change, certain, onRecord))
                        .thenApply(Optional::orElseThrow);
    }

    private static Usage minus(Usage one, Usage other) {
        return new Usage(one.bytes() - other.bytes(), one.files() - other.files());
    }
}
