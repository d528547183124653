package flotilla.cluster;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.wire.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The book of one user with a quota: what is stored, and what is held for work that has not ended. Nodes of the release before know
 * the first two components only, and write none of the others.
 *
 * <p>Who changes the home takes a hold first, and shows it before others can see the change in the home; when the work has ended, the
 * hold is settled: it goes, and what the work really changed is booked in the same step. The holds of a member that has died are
 * dropped. When one of them was shown, nobody knows what became of its work, and the home is to be counted soon.
 *
 * <p>A count of the home is right while nothing in it changes: a count begins when no hold is shown, with a number that every hold
 * that is shown, and every booking, takes away. It is entered if the number is still there at its end, and repeated otherwise. Uploads
 * that are under way meanwhile are neither lost nor counted twice: a count does not see their bytes, and their holds stay.
 *
 * @param bytes stored and held
 * @param files stored and held
 * @param stillness the number of the counts under way; 0 since something may have changed
 * @param checked when the home was counted last, in milliseconds of the epoch; 0 when the book is in doubt
 * @param uncounted whether nobody knows what is stored
 */
public record QuotaRecord(
        @Tag(1) long bytes,
        @Tag(2) long files,
        @Tag(3) List<Hold> holds,
        @Tag(4) long stillness,
        @Tag(5) long checked,
        @Tag(6) boolean uncounted) {
    /** Of a user whose home was never counted. */
    public static final QuotaRecord UNCOUNTED = new QuotaRecord(0, 0, List.of(), 0, 0, true);

    /**
     * What is held for one piece of work.
     *
     * @param id of the work
     * @param member whose death ends the work
     * @param shown whether others may see in the home what the work has changed
     */
    public record Hold(
            @Tag(1) String id,
            @Tag(2) UUID member,
            @Tag(3) long bytes,
            @Tag(4) long files,
            @Tag(5) boolean shown) {}

    public QuotaRecord {
        holds = List.copyOf(holds);
    }

    /** What is stored, as far as the database knows: in doubt until the home is counted. */
    public static QuotaRecord stored(Usage usage) {
        return of(usage, List.of(), 0, 0, false);
    }

    private static QuotaRecord of(Usage stored, List<Hold> holds, long stillness, long checked, boolean uncounted) {
        long bytes = stored.bytes();
        long files = stored.files();
        for (Hold hold : holds) {
            bytes = sum(bytes, hold.bytes());
            files = sum(files, hold.files());
        }
        return new QuotaRecord(bytes, files, holds, stillness, checked, uncounted);
    }

    /** Stored and held. */
    public Usage total() {
        return new Usage(bytes, files);
    }

    /** What is stored. */
    public Usage stored() {
        long heldBytes = holds.stream().mapToLong(Hold::bytes).reduce(0, QuotaRecord::sum);
        long heldFiles = holds.stream().mapToLong(Hold::files).reduce(0, QuotaRecord::sum);
        return new Usage(Math.max(0, bytes - heldBytes), Math.max(0, files - heldFiles));
    }

    /** Whether nothing is known, held or counted just now. */
    public boolean isBlank() {
        return uncounted && holds.isEmpty() && stillness == 0;
    }

    /** The hold of that work. */
    public Optional<Hold> hold(String id) {
        return holds.stream().filter(hold -> hold.id().equals(id)).findFirst();
    }

    /** With a hold in place of the one of the same work; one that was shown stays so. */
    public QuotaRecord with(Hold hold) {
        boolean shown = hold.shown() || hold(hold.id()).filter(Hold::shown).isPresent();
        List<Hold> now = without(hold.id());
        now.add(new Hold(hold.id(), hold.member(), hold.bytes(), hold.files(), shown));
        return of(stored(), now, shown ? 0 : stillness, checked, uncounted);
    }

    private List<Hold> without(String id) {
        List<Hold> others = new ArrayList<>(holds);
        others.removeIf(hold -> hold.id().equals(id));
        return others;
    }

    /**
     * Without the hold of a piece of work, and with what that has changed. One whose hold is gone books nothing: it was settled before, or
     * its member was taken for dead.
     *
     * @param certain whether it is known what has changed
     */
    public QuotaRecord settle(String id, Usage change, boolean certain) {
        Optional<Hold> hold = hold(id);
        if (hold.isEmpty()) {
            return of(stored(), holds, 0, 0, uncounted);
        }
        Usage before = stored();
        boolean possible = before.bytes() + change.bytes() >= 0 && before.files() + change.files() >= 0;
        boolean still = !hold.get().shown() && change.bytes() == 0 && change.files() == 0 && certain;
        return of(
                uncounted ? before : plus(before, change),
                without(id),
                still ? stillness : 0,
                certain && possible ? checked : 0,
                uncounted);
    }

    /** With a change that nobody took a hold for: of a node of the release before. */
    public QuotaRecord change(Usage change) {
        return of(uncounted ? stored() : plus(stored(), change), holds, 0, checked, uncounted);
    }

    /** Without the holds of a member that has died; the same when it had none. */
    public QuotaRecord drop(UUID member) {
        List<Hold> others =
                holds.stream().filter(hold -> !hold.member().equals(member)).toList();
        if (others.size() == holds.size()) {
            return this;
        }
        boolean doubt = holds.stream().anyMatch(hold -> hold.member().equals(member) && hold.shown());
        return of(stored(), others, doubt ? 0 : stillness, doubt ? 0 : checked, uncounted);
    }

    /** With a count that begins; empty while a hold is shown. @param number not 0, for the first of several counts at once */
    public Optional<QuotaRecord> beginCount(long number) {
        if (holds.stream().anyMatch(Hold::shown)) {
            return Optional.empty();
        }
        return Optional.of(stillness != 0 ? this : new QuotaRecord(bytes, files, holds, number, checked, uncounted));
    }

    /** With what was counted since {@link #stillness} was that number; empty when something may have changed meanwhile. */
    public Optional<QuotaRecord> endCount(long number, Usage counted, long now) {
        return number == 0 || stillness != number ? Optional.empty() : Optional.of(counted(counted, now));
    }

    /** With what is stored. @param now 0 when that is in doubt */
    public QuotaRecord counted(Usage counted, long now) {
        return of(counted, holds, stillness, now, false);
    }

    private static Usage plus(Usage usage, Usage change) {
        return new Usage(sum(usage.bytes(), change.bytes()), sum(usage.files(), change.files()));
    }

    /** The sum, within 0 and the largest number. */
    private static long sum(long before, long amount) {
        long sum = before + amount;
        if (amount > 0 && sum < before) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, sum);
    }
}
