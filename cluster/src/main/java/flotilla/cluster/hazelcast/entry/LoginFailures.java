package flotilla.cluster.hazelcast.entry;

import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The times of an address block's latest failed logins, oldest first, in milliseconds of the epoch. At most
 * {@value #MOST} are kept.
 */
public final class LoginFailures extends Stored {
    private static final int MOST = 1_000;
    private static final long[] NONE = {};

    private long[] times;

    LoginFailures() {
        this(NONE);
    }

    private LoginFailures(long[] times) {
        this.times = times;
    }

    /** A copy with one more failure at {@code now}, and without the failures up to {@code since}. */
    private LoginFailures and(long now, long since) {
        long[] recent = Arrays.stream(times).filter(time -> time > since).toArray();
        int from = Math.max(0, recent.length - MOST + 1);
        long[] next = Arrays.copyOfRange(recent, from, recent.length + 1);
        next[next.length - 1] = now;
        return new LoginFailures(next);
    }

    @Override
    public int getClassId() {
        return Factory.LOGIN_FAILURES;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeLongArray(times);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        long[] read = input.readLongArray();
        times = read == null ? NONE : read;
    }

    /**
     * Adds a failure. Answers true when {@code threshold} failures fell within the window; the count then starts anew.
     */
    public static final class Add extends Processor<LoginFailures, Boolean> {
        private long now;
        private long windowMillis;
        private int threshold;

        Add() {}

        /**
         * Makes the step.
         *
         * @param now the time of the failure, in milliseconds of the epoch
         * @param windowMillis length of the window, in milliseconds
         * @param threshold failures that lead to a ban
         */
        public Add(long now, long windowMillis, int threshold) {
            this.now = now;
            this.windowMillis = windowMillis;
            this.threshold = threshold;
        }

        @Override
        public Boolean process(Map.Entry<String, LoginFailures> entry) {
            LoginFailures present = valueOf(entry);
            LoginFailures failures = (present == null ? new LoginFailures() : present).and(now, now - windowMillis);
            if (failures.times.length >= Math.min(threshold, MOST)) {
                remove(entry);
                return true;
            }
            ((ExtendedMapEntry<String, LoginFailures>) entry)
                    .setValue(failures, Math.max(1_000, windowMillis), TimeUnit.MILLISECONDS);
            return false;
        }

        @Override
        public int getClassId() {
            return Factory.ADD_FAILURE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeLong(now);
            output.writeLong(windowMillis);
            output.writeInt(threshold);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            now = input.readLong();
            windowMillis = input.readLong();
            threshold = input.readInt();
        }
    }
}
