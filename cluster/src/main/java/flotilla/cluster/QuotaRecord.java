package flotilla.cluster;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.wire.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The book of one user with a quota: the stored bytes and files, and the holds of work that has not ended. Nodes of the
 * previous release know only the first two components, and do not write the others.
 *
 * <p>Work that changes the home takes a hold first. It shows the hold before others can see the change in the home.
 * When the work has ended, the hold is settled: one step removes it and books the real change. The holds of a member
 * that has died are dropped. If one of them was shown, the effect of its work is unknown, and the home is counted soon.
 *
 * <p>A count of the home is right if nothing in the home changes meanwhile. So a count begins when no hold is shown,
 * and gets a number. Every hold that is shown and every booking takes that number away. The count is entered if its
 * number is still there at its end, and repeated otherwise. Uploads that are under way meanwhile are neither lost nor
 * counted twice: the count does not see their bytes, and their holds stay.
 *
 * @param bytes stored and held bytes
 * @param files stored and held files
 * @param holds the holds of work that has not ended
 * @param stillness the number of the counts under way; 0 when the home may have changed since
 * @param checked time of the latest count, in milliseconds of the epoch; 0 when the book is in doubt
 * @param uncounted whether the stored bytes and files are unknown
 */
public record QuotaRecord(
        @Tag(1) long bytes,
        @Tag(2) long files,
        @Tag(3) List<Hold> holds,
        @Tag(4) long stillness,
        @Tag(5) long checked,
        @Tag(6) boolean uncounted) {
    /** The book of a user whose home was never counted. */
    public static final QuotaRecord UNCOUNTED = new QuotaRecord(0, 0, List.of(), 0, 0, true);

    /**
     * The hold of one piece of work.
     *
     * @param id id of the work
     * @param member id of the member that does the work; if it dies, the work ends
     * @param bytes held bytes
     * @param files held files
     * @param shown whether others may see the work's change in the home
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

    /** The book that a database record makes. It is in doubt until the home is counted. */
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

    /** The usage with holds. */
    public Usage total() {
        return new Usage(bytes, files);
    }

    /** The usage without holds. */
    public Usage stored() {
        long heldBytes = holds.stream().mapToLong(Hold::bytes).reduce(0, QuotaRecord::sum);
        long heldFiles = holds.stream().mapToLong(Hold::files).reduce(0, QuotaRecord::sum);
        return new Usage(Math.max(0, bytes - heldBytes), Math.max(0, files - heldFiles));
    }

    /** Whether the book says nothing: no usage, no hold and no count. */
    public boolean isBlank() {
        return uncounted && holds.isEmpty() && stillness == 0;
    }

    /** The hold of a piece of work; empty when there is none. */
    public Optional<Hold> hold(String id) {
        return holds.stream().filter(hold -> hold.id().equals(id)).findFirst();
    }

    /** A book with this hold in place of the same work's present one. A hold that was shown stays shown. */
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
     * A book without the hold of a piece of work and with its change. If the hold is gone, nothing is booked: the work
     * was settled before, or its member was taken for dead.
     *
     * @param id id of the work
     * @param change the bytes and files that the work added; negative for less
     * @param certain whether {@code change} is known for sure
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

    /** A book with a change for which no hold was taken, as nodes of the previous release make them. */
    public QuotaRecord change(Usage change) {
        return of(uncounted ? stored() : plus(stored(), change), holds, 0, checked, uncounted);
    }

    /** A book without the holds of a member that has died; this book when it had none. */
    public QuotaRecord drop(UUID member) {
        List<Hold> others =
                holds.stream().filter(hold -> !hold.member().equals(member)).toList();
        if (others.size() == holds.size()) {
            return this;
        }
        boolean doubt = holds.stream().anyMatch(hold -> hold.member().equals(member) && hold.shown());
        return of(stored(), others, doubt ? 0 : stillness, doubt ? 0 : checked, uncounted);
    }

    /**
     * A book in which a count begins; empty while a hold is shown.
     *
     * @param number not 0; of several counts at once, the first one's number holds
     */
    public Optional<QuotaRecord> beginCount(long number) {
        if (holds.stream().anyMatch(Hold::shown)) {
            return Optional.empty();
        }
        return Optional.of(stillness != 0 ? this : new QuotaRecord(bytes, files, holds, number, checked, uncounted));
    }

    /**
     * A book with the result of a count; empty when the home may have changed since the count got its number.
     *
     * @param number number of the count
     * @param counted the bytes and files that were counted
     * @param now the present, in milliseconds of the epoch
     */
    public Optional<QuotaRecord> endCount(long number, Usage counted, long now) {
        return number == 0 || stillness != number ? Optional.empty() : Optional.of(counted(counted, now));
    }

    /**
     * A book with another stored usage.
     *
     * @param counted the stored bytes and files
     * @param now the present, in milliseconds of the epoch; 0 when the usage is in doubt
     */
    public QuotaRecord counted(Usage counted, long now) {
        return of(counted, holds, stillness, now, false);
    }

    private static Usage plus(Usage usage, Usage change) {
        return new Usage(sum(usage.bytes(), change.bytes()), sum(usage.files(), change.files()));
    }

    /** The sum, limited to the range from 0 to the largest number. */
    private static long sum(long before, long amount) {
        long sum = before + amount;
        if (amount > 0 && sum < before) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, sum);
    }
}
