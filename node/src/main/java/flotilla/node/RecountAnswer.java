package flotilla.node;

import flotilla.cluster.QuotaLedger.Usage;

/** The result of counting a user's home again. */
public sealed interface RecountAnswer {
    /**
     * The usage is correct now.
     *
     * @param before the usage that was booked
     * @param after the usage that was counted
     */
    record Counted(Usage before, Usage after) implements RecountAnswer {
        /** Returns true when the booked usage was wrong. */
        public boolean isChange() {
            return !before.equals(after);
        }

        /** Bytes and files that were missing from the booked usage; negative when it was too large. */
        public Usage difference() {
            return new Usage(after.bytes() - before.bytes(), after.files() - before.files());
        }
    }

    /** The user has no quota, so no usage is kept. */
    record NoQuota() implements RecountAnswer {}

    /** No such user exists. */
    record NoUser() implements RecountAnswer {}

    /** Files were stored or removed during each attempt to count the home. The booked usage is unchanged. */
    record Busy() implements RecountAnswer {}

    /** Too many counts are requested already. */
    record Full() implements RecountAnswer {}

    /** The home could not be counted. The booked usage is unchanged. */
    record Failed(String why) implements RecountAnswer {}
}
