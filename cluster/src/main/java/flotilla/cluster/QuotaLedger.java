package flotilla.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What each user with a quota has stored. Exact over all nodes; survives a restart. The rule by which bookings and counts of homes agree
 * is that of {@link QuotaRecord}.
 */
public interface QuotaLedger {
    /** Bytes and files; negative where something becomes less. */
    record Usage(long bytes, long files) {
        public static final Usage NOTHING = new Usage(0, 0);
    }

    /** A count that goes on. @param number for its end */
    record Count(long number) {}

    /** A count that was entered. @param before what the book said was stored @param after what is there */
    record Counted(Usage before, Usage after) {
        public boolean isChange() {
            return !before.equals(after);
        }
    }

    /**
     * What one piece of work takes of a user's quota, from before it changes the home until it has ended. It ends with its node: what a node
     * that has died had reserved is given back. Used by one thread at a time, one call after the other.
     */
    interface Reservation {
        /**
         * Holds {@code amount} in place of what is held, unless that is more and grows the usage beyond a limit (0 for none).
         *
         * @return false when refused, nothing is changed then
         */
        CompletionStage<Boolean> hold(Usage amount, Usage limit);

        /** From now on others may see in the home what the work changes. */
        CompletionStage<Void> show();

        /**
         * Books what the work has changed and holds nothing any more, in one step. When nobody answers that is tried again in the background.
         *
         * @param certain false when nobody knows what has changed: then the home is counted soon
         */
        CompletionStage<Void> settle(Usage change, boolean certain);
    }

    /** The usage of a user with what is reserved; empty when it was never counted. Then the caller counts the home. */
    CompletionStage<Optional<Usage>> find(String user);

    /** Records a count that may be wrong, unless there is another one; returns the usage. */
    CompletionStage<Usage> set(String user, Usage usage);

    /** Begins a piece of work in the home of a user; nothing is held yet. */
    Reservation reservation(String user);

    /** Begins to count a home; empty while something is changed there. */
    CompletionStage<Optional<Count>> beginCount(String user);

    /** Enters what was counted; empty, and without effect, when something may have changed since the count began. */
    CompletionStage<Optional<Counted>> endCount(String user, Count count, Usage counted);

    /** Forgets a user: his home is counted when he has a quota again. */
    CompletionStage<Void> forget(String user);

    /** Users this node looks after whose homes were not counted since {@code before}, or whose books are in doubt. Cheap for each user; blocks. */
    List<String> due(Instant before, int limit);
}
