package flotilla.storage.s3;

import java.util.ArrayList;
import java.util.List;

/** The sizes of parts. All are in bytes. */
final class PartPlan {
    /** The least size of a part but the last (Amazon S3 User Guide, "multipart upload limits"). */
    static final long LEAST = 5L << 20;
    /** The largest size of a part. */
    static final long MOST = 5L << 30;
    /** The highest number of a part. */
    static final int LAST_NUMBER = 10_000;

    /** Parts of one size; after them parts are twice as large, so that 10,000 parts hold large files. */
    private static final int SAME_SIZE = 1_000;

    /** A copy of this size ends within the time of a request. */
    private static final long COPY = 128L << 20;

    private final long first;
    private final long largest;

    /**
     * Creates the plan.
     *
     * @param first size of the first parts
     * @param largest largest piece of memory for a part
     */
    PartPlan(long first, long largest) {
        this.largest = Math.min(MOST, largest);
        this.first = Math.max(LEAST, Math.min(first, this.largest));
    }

    /** Bytes of an object from {@code first} to {@code last}, both included. */
    record Range(long first, long last) {
        long size() {
            return last - first + 1;
        }
    }

    /** Returns whether the memory is large enough for any part. */
    boolean isPossible() {
        return largest >= LEAST;
    }

    /** Returns the size of the part with this number, from 1. */
    long size(int number) {
        long size = first;
        for (int i = (number - 1) / SAME_SIZE; i > 0 && size * 2 <= largest; i--) {
            size *= 2;
        }
        return size;
    }

    /**
     * Cuts the first bytes of an object into parts that are copied. None is smaller than {@link #LEAST}.
     *
     * @param length at least {@link #LEAST}
     */
    static List<Range> copies(long length) {
        long count = Math.min(SAME_SIZE, (length + COPY - 1) / COPY);
        List<Range> ranges = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            ranges.add(new Range(cut(length, i, count), cut(length, i + 1, count) - 1));
        }
        return ranges;
    }

    private static long cut(long length, long index, long count) {
        return length / count * index + Math.min(index, length % count);
    }
}
