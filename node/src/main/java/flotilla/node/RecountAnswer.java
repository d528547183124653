package flotilla.node;

import flotilla.cluster.QuotaLedger.Usage;

/** What came of counting a user's home anew. */
public sealed interface RecountAnswer {
    /** The book is right now. @param before what it said was stored @param after what is there */
    record Counted(Usage before, Usage after) implements RecountAnswer {
        public boolean isChange() {
            return !before.equals(after);
        }

        /** What the book said too little, negative where it said too much. */
        public Usage difference() {
            return new Usage(after.bytes() - before.bytes(), after.files() - before.files());
        }
    }

    /** Nothing is counted of this user, for he has no quota. */
    record NoQuota() implements RecountAnswer {}

    /** There is no such user. */
    record NoUser() implements RecountAnswer {}

    /** Files were stored or removed each time while the home was counted. The book is as before. */
    record Busy() implements RecountAnswer {}

    /** As many counts are asked for as may be. */
    record Full() implements RecountAnswer {}

    /** The home could not be counted. The book is as before. */
    record Failed(String why) implements RecountAnswer {}
}
