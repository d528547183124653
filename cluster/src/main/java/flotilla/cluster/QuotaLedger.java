package flotilla.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The usage of each user with a quota. It is exact over all nodes and survives a restart. {@link QuotaRecord} describes
 * the rule by which bookings and counts of homes agree.
 *
 * <p>A user with mounts has several books. Then the text that names a user here is the name, a line break and what tells
 * the books apart.
 *
 * <p>Stages fail when the cluster or the database does not answer in time. A step may have been carried out all the
 * same.
 */
public interface QuotaLedger {
    /** Numbers of bytes and files. As a change, negative numbers mean less. */
    record Usage(long bytes, long files) {
        /** No bytes and no files. As a limit: no limit. */
        public static final Usage NOTHING = new Usage(0, 0);
    }

    /**
     * A count of a home that is under way.
     *
     * @param number identifies the count at its end
     */
    record Count(long number) {}

    /**
     * A count that was entered in the book.
     *
     * @param before the usage in the book before
     * @param after the usage that was counted
     */
    record Counted(Usage before, Usage after) {
        /** Whether the count differs from the book. */
        public boolean isChange() {
            return !before.equals(after);
        }
    }

    /**
     * The share of a user's quota that one piece of work holds, from before it changes the home until it has ended. If
     * its node dies, the share is given back. One thread at a time uses it, one call after the other.
     */
    interface Reservation {
        /**
         * Holds {@code amount} in place of the present hold. Refuses if that is more and grows the usage beyond a
         * limit. May be repeated.
         *
         * @param limit most bytes and files; 0 for no limit
         * @return false when refused; then nothing is changed
         */
        CompletionStage<Boolean> hold(Usage amount, Usage limit);

        /** Announces that others may see the work's changes in the home from now on. */
        CompletionStage<Void> show();

        /**
         * Books the changes of the work and ends its hold, in one step. If no member answers, the stage fails, and the
         * booking is repeated in the background.
         *
         * @param change the bytes and files that the work added; negative for less
         * @param certain false when {@code change} may be wrong; then the home is counted soon
         */
        CompletionStage<Void> settle(Usage change, boolean certain);
    }

    /** The usage of a user, holds included. Empty when the home was never counted; the caller then counts it. */
    CompletionStage<Optional<Usage>> find(String user);

    /** Records a count that may be inexact, unless the book has one already. Completes with the usage in the book. */
    CompletionStage<Usage> set(String user, Usage usage);

    /** Begins a piece of work in the home of a user. It holds nothing yet. */
    Reservation reservation(String user);

    /**
     * Begins to count a home. Completes with empty while a change in the home is under way. Fails with an
     * {@link IllegalStateException} while a node of the previous release is a member, since that does not announce its
     * changes.
     */
    CompletionStage<Optional<Count>> beginCount(String user);

    /**
     * Enters a count in the book. Completes with empty, and changes nothing, when the home may have changed since the
     * count began. The caller must not repeat a call that has failed.
     */
    CompletionStage<Optional<Counted>> endCount(String user, Count count, Usage counted);

    /** Forgets a user. The home is counted when the user has a quota again. */
    CompletionStage<Void> forget(String user);

    /**
     * Users whose books this member keeps and whose homes were not counted since {@code before}, or whose books are in
     * doubt. Visits each such book and blocks.
     */
    List<String> due(Instant before, int limit);
}
