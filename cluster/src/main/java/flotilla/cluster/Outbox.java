package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The events that wait until their targets acknowledge them. They are in the database of the accounts, so they outlive
 * every node. An entry is for one event and one target.
 *
 * <p>Stages fail when the database does not answer in time. A change that failed may hold all the same; to add the same
 * rows again is harmless.
 */
public interface Outbox {
    /** Most characters of a payload: three paths whose characters JSON writes with six each, and more. */
    int MOST_PAYLOAD = 131_072;
    /** Most characters of {@link Failure#problem} that are kept. */
    int MOST_PROBLEM = 300;

    /**
     * An event for a target.
     *
     * @param id of the event, at most 64 characters
     * @param target name of the target, at most 64 characters
     * @param type of the event, at most 64 characters
     * @param places at most two names, each of at most 64 characters: events of one target that share a name are due one
     *     after the other, in the order in which they were added. None for an event without an order.
     * @param payload what the target gets, at most {@link #MOST_PAYLOAD} characters
     */
    record Row(String id, String target, String type, List<String> places, String payload) {
        public Row {
            places = List.copyOf(places);
        }
    }

    /**
     * A row that is kept.
     *
     * @param sequence grows with each row
     * @param attempts failed deliveries
     * @param nextAt time of the next attempt in milliseconds since 1970
     * @param dead whether it is tried no more
     * @param problem of the last attempt; empty for none
     */
    record Entry(
            long sequence,
            String id,
            String target,
            String type,
            String payload,
            int attempts,
            long nextAt,
            boolean dead,
            String problem) {}

    /**
     * A delivery that failed.
     *
     * @param nextAt time of the next attempt in milliseconds since 1970
     * @param dead whether there is none
     * @param problem the reason for people
     */
    record Failure(long sequence, long nextAt, boolean dead, String problem) {}

    /** The numbers of rows that wait, and of those that are dead. */
    record Counts(long waiting, long dead) {}

    /**
     * The lease of the node that sends.
     *
     * @param renewals grows with each renewal. A lease whose number stays the same for long has a dead holder.
     */
    record Lease(String holder, long renewals) {}

    /** Adds rows, all or none, and leaves out those that are there. When the stage is complete, they are on disk. */
    CompletionStage<Boolean> add(List<Row> rows);

    /**
     * The rows of a target that may be tried, in the order in which they were added. A row that shares a place with an
     * earlier row that waits is not among them.
     *
     * @param now milliseconds since 1970
     */
    CompletionStage<List<Entry>> due(String target, long now, int limit);

    /** Removes rows that were delivered, and notes failures. */
    CompletionStage<Boolean> settle(List<Long> delivered, List<Failure> failed);

    /** Counts the rows. */
    CompletionStage<Counts> counts();

    /**
     * Rows by their sequence.
     *
     * @param dead whether those that are dead, or those that wait
     * @param after sequence before the first one
     */
    CompletionStage<List<Entry>> list(boolean dead, long after, int limit);

    /**
     * Lets dead rows wait again, with all their attempts. Completes with their number.
     *
     * @param id an event; empty for all that are dead
     */
    CompletionStage<Integer> revive(Optional<String> id);

    /** Removes the rows of an event that are dead. Completes with their number. */
    CompletionStage<Integer> forget(String id);

    /** Removes the oldest dead rows until at most that many are left. Completes with their number. */
    CompletionStage<Integer> trim(int most);

    /** The lease; empty when nobody ever had it. */
    CompletionStage<Optional<Lease>> lease();

    /** Puts a lease in the place of the one that the caller has seen. Completes with false when another one is there. */
    CompletionStage<Boolean> replaceLease(Optional<Lease> seen, Lease next);
}
