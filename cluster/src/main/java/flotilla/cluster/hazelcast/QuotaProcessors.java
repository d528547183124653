package flotilla.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.QuotaLedger.Usage;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps on a user's usage. They never wait for the database: one that misses an entry answers null, and comes again with what the
 * database has. An entry that is there meanwhile is newer than that. Changes are noted for the database.
 */
final class QuotaProcessors {
    private static final Usage NOTHING = new Usage(0, 0);

    private QuotaProcessors() {}

    /** What the database has of a user's usage. @param asked false before it was asked */
    record OnRecord(boolean asked, @Nullable Usage usage) {
        static final OnRecord NOT_ASKED = new OnRecord(false, null);
    }

    /** What they share: backups are told what the usage is now. */
    private abstract static class Step<R> extends Processor<Usage, R> implements HazelcastInstanceAware {
        private @Nullable QuotaBook book;
        private @Nullable Usage after;
        private OnRecord onRecord;

        private Step(OnRecord onRecord) {
            this.onRecord = onRecord;
        }

        @Override
        public final void setHazelcastInstance(HazelcastInstance hazelcast) {
            book = (QuotaBook) hazelcast.getUserContext().get(MapConfigs.QUOTA);
        }

        private QuotaBook book() {
            if (book == null) {
                throw new IllegalStateException("a step that runs outside of a member");
            }
            return book;
        }

        /** Whether nobody knows the usage before the database is asked. */
        final boolean isUnknown(Map.Entry<String, Usage> entry) {
            return valueOf(entry) == null && !onRecord.asked();
        }

        /** The usage, as the database has it when it is not in the entry. */
        final @Nullable Usage current(Map.Entry<String, Usage> entry) {
            Usage present = valueOf(entry);
            if (present != null) {
                return present;
            }
            Usage stored = onRecord.usage();
            if (stored != null) {
                hold(entry, stored);
            }
            return stored;
        }

        final void change(Map.Entry<String, Usage> entry, Usage usage) {
            hold(entry, usage);
            book().changed(entry.getKey());
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeBoolean(onRecord.asked());
            output.writeBoolean(onRecord.usage() != null);
            if (onRecord.usage() != null) {
                write(output, onRecord.usage());
            }
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            boolean asked = input.readBoolean();
            onRecord = new OnRecord(asked, input.readBoolean() ? read(input) : null);
        }

        private void hold(Map.Entry<String, Usage> entry, Usage usage) {
            entry.setValue(usage);
            after = usage;
        }

        @Override
        @SuppressWarnings("NullAway") // null: nothing has changed
        public final EntryProcessor<String, Usage, R> getBackupProcessor() {
            return after == null ? null : new Copy<>(after);
        }
    }

    /** Keeps a backup the same. */
    static final class Copy<R> extends Processor<Usage, R> {
        private Usage usage;

        Copy() {
            this(NOTHING);
        }

        Copy(Usage usage) {
            this.usage = usage;
        }

        @Override
        public @Nullable R process(Map.Entry<String, Usage> entry) {
            entry.setValue(usage);
            return null;
        }

        @Override
        public int getClassId() {
            return Factory.COPY_USAGE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            write(output, usage);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            usage = read(input);
        }
    }

    /** Finds a usage. */
    static final class Find extends Step<Usage> {
        Find() {
            this(OnRecord.NOT_ASKED);
        }

        Find(OnRecord onRecord) {
            super(onRecord);
        }

        @Override
        public @Nullable Usage process(Map.Entry<String, Usage> entry) {
            return current(entry);
        }

        @Override
        public int getClassId() {
            return Factory.FIND_USAGE;
        }
    }

    /** Records a count unless there is one, and answers what holds. */
    static final class SetIfAbsent extends Step<Usage> {
        private Usage usage;

        SetIfAbsent() {
            this(NOTHING, OnRecord.NOT_ASKED);
        }

        SetIfAbsent(Usage usage, OnRecord onRecord) {
            super(onRecord);
            this.usage = usage;
        }

        @Override
        public @Nullable Usage process(Map.Entry<String, Usage> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            Usage present = current(entry);
            if (present != null) {
                return present;
            }
            change(entry, usage);
            return usage;
        }

        @Override
        public int getClassId() {
            return Factory.SET_USAGE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            super.writeFields(output);
            write(output, usage);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            super.readFields(input, version);
            usage = read(input);
        }
    }

    /** Adds to the usage unless that grows it beyond a limit. What was never counted is checked as zero and stays uncounted. */
    static final class Reserve extends Step<Boolean> {
        private Usage amount;
        private Usage limit;

        Reserve() {
            this(NOTHING, NOTHING, OnRecord.NOT_ASKED);
        }

        Reserve(Usage amount, Usage limit, OnRecord onRecord) {
            super(onRecord);
            this.amount = amount;
            this.limit = limit;
        }

        @Override
        public @Nullable Boolean process(Map.Entry<String, Usage> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            Usage present = current(entry);
            Usage before = present == null ? NOTHING : present;
            if (exceeds(before.bytes(), amount.bytes(), limit.bytes())
                    || exceeds(before.files(), amount.files(), limit.files())) {
                return false;
            }
            if (present != null) {
                change(entry, new Usage(add(before.bytes(), amount.bytes()), add(before.files(), amount.files())));
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
            super.writeFields(output);
            write(output, amount);
            write(output, limit);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            super.readFields(input, version);
            amount = read(input);
            limit = read(input);
        }
    }

    private static void write(ObjectDataOutput output, Usage usage) throws IOException {
        output.writeLong(usage.bytes());
        output.writeLong(usage.files());
    }

    private static Usage read(ObjectDataInput input) throws IOException {
        return new Usage(input.readLong(), input.readLong());
    }
}
