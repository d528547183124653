package flotilla.cluster.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.QuotaLedger.Usage;
import java.io.IOException;
import java.util.Map;

/** The steps on a user's usage. */
final class QuotaProcessors {
    private QuotaProcessors() {}

    /** Records a count unless there is one, and answers what holds. */
    static final class SetIfAbsent extends Processor<Usage, Usage> {
        private Usage usage = new Usage(0, 0);

        SetIfAbsent() {}

        SetIfAbsent(Usage usage) {
            this.usage = usage;
        }

        @Override
        public Usage process(Map.Entry<String, Usage> entry) {
            Usage present = valueOf(entry);
            if (present != null) {
                return present;
            }
            entry.setValue(usage);
            return usage;
        }

        @Override
        public int getClassId() {
            return Factory.SET_USAGE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeLong(usage.bytes());
            output.writeLong(usage.files());
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            usage = new Usage(input.readLong(), input.readLong());
        }
    }

    /** Adds to the usage unless that grows it beyond a limit. What was never counted is checked as zero and stays uncounted. */
    static final class Reserve extends Processor<Usage, Boolean> {
        private Usage amount = new Usage(0, 0);
        private Usage limit = new Usage(0, 0);

        Reserve() {}

        Reserve(Usage amount, Usage limit) {
            this.amount = amount;
            this.limit = limit;
        }

        @Override
        public Boolean process(Map.Entry<String, Usage> entry) {
            Usage present = valueOf(entry);
            Usage before = present == null ? new Usage(0, 0) : present;
            if (exceeds(before.bytes(), amount.bytes(), limit.bytes())
                    || exceeds(before.files(), amount.files(), limit.files())) {
                return false;
            }
            if (present != null) {
                entry.setValue(new Usage(add(before.bytes(), amount.bytes()), add(before.files(), amount.files())));
            }
            return true;
        }

        private static boolean exceeds(long before, long amount, long limit) {
            return amount > 0 && limit > 0 && amount > limit - before;
        }

        /** The sum, within 0 and the largest number. */
        private static long add(long before, long amount) {
            long sum = before + amount;
            if (amount > 0 && sum < before) {
                return Long.MAX_VALUE;
            }
            return Math.max(0, sum);
        }

        @Override
        public int getClassId() {
            return Factory.RESERVE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeLong(amount.bytes());
            output.writeLong(amount.files());
            output.writeLong(limit.bytes());
            output.writeLong(limit.files());
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            amount = new Usage(input.readLong(), input.readLong());
            limit = new Usage(input.readLong(), input.readLong());
        }
    }
}
