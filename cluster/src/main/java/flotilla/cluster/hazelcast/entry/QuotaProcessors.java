package flotilla.cluster.hazelcast.entry;

import static flotilla.cluster.QuotaLedger.Usage.NOTHING;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.hazelcast.entry.QuotaStep.OnRecord;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps on usages that nodes of the previous release know, too, and the steps that copy a book to its backups. */
public final class QuotaProcessors {
    private QuotaProcessors() {}

    /** Copies a usage to a backup while a member of the previous release, which knows no holds, is in the cluster. */
    static final class Copy<R> extends Processor<QuotaRecord, R> {
        private Usage usage;

        Copy() {
            this(NOTHING);
        }

        Copy(Usage usage) {
            this.usage = usage;
        }

        @Override
        public @Nullable R process(Map.Entry<String, QuotaRecord> entry) {
            entry.setValue(QuotaRecord.stored(usage));
            return null;
        }

        @Override
        public int getClassId() {
            return Factory.COPY_USAGE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            QuotaStep.write(output, usage);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            usage = QuotaStep.read(input);
        }
    }

    /** Copies a book to a backup. */
    static final class CopyBook<R> extends Processor<QuotaRecord, R> {
        private QuotaRecord book;

        CopyBook() {
            this(QuotaRecord.UNCOUNTED);
        }

        CopyBook(QuotaRecord book) {
            this.book = book;
        }

        @Override
        public @Nullable R process(Map.Entry<String, QuotaRecord> entry) {
            QuotaStep.put(entry, book);
            return null;
        }

        @Override
        public int getClassId() {
            return Factory.COPY_BOOK;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeObject(book);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            QuotaRecord read = input.readObject();
            if (read == null) {
                throw new IOException("null where a book belongs");
            }
            book = read;
        }
    }

    /**
     * Answers the book of a user whose home was counted; null when it was never counted or the database must be read
     * first.
     */
    public static final class Find extends QuotaStep<QuotaRecord> {
        Find() {
            this(OnRecord.NOT_ASKED);
        }

        /** Makes the step with the database's record, if it was read. */
        public Find(OnRecord onRecord) {
            super(onRecord);
        }

        @Override
        public @Nullable QuotaRecord process(Map.Entry<String, QuotaRecord> entry) {
            QuotaRecord book = current(entry);
            return book.uncounted() ? null : book;
        }

        @Override
        public int getClassId() {
            return Factory.FIND_USAGE;
        }
    }

    /**
     * Records a count that may be inexact, unless the book has one already. Answers the book that holds then, or null
     * when the database must be read first.
     */
    public static final class SetIfAbsent extends QuotaStep<QuotaRecord> {
        private Usage usage;

        SetIfAbsent() {
            this(NOTHING, OnRecord.NOT_ASKED);
        }

        /**
         * Makes the step.
         *
         * @param usage the bytes and files that were counted
         * @param onRecord the database's record, if it was read
         */
        public SetIfAbsent(Usage usage, OnRecord onRecord) {
            super(onRecord);
            this.usage = usage;
        }

        @Override
        public @Nullable QuotaRecord process(Map.Entry<String, QuotaRecord> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            QuotaRecord present = current(entry);
            if (!present.uncounted()) {
                return present;
            }
            QuotaRecord counted = present.counted(usage, 0);
            change(entry, counted);
            return counted;
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

    /**
     * Adds to the usage without a hold. Answers false, and changes nothing, when that grows the usage beyond a limit. A
     * home that was never counted is checked as if it were empty, and stays uncounted. Used while a node of the
     * previous release is a member. Answers null when the database must be read first.
     */
    public static final class Reserve extends QuotaStep<Boolean> {
        private Usage amount;
        private Usage limit;

        Reserve() {
            this(NOTHING, NOTHING, OnRecord.NOT_ASKED);
        }

        /**
         * Makes the step.
         *
         * @param amount bytes and files to add; negative for less
         * @param limit most bytes and files; 0 for no limit
         * @param onRecord the database's record, if it was read
         */
        public Reserve(Usage amount, Usage limit, OnRecord onRecord) {
            super(onRecord);
            this.amount = amount;
            this.limit = limit;
        }

        @Override
        public @Nullable Boolean process(Map.Entry<String, QuotaRecord> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            QuotaRecord present = current(entry);
            if (exceeds(present.total(), amount, limit)) {
                return false;
            }
            if (!present.uncounted()) {
                change(entry, present.change(amount));
            }
            return true;
        }

        /** Whether the bytes or the files grow beyond their limit. */
        static boolean exceeds(Usage before, Usage amount, Usage limit) {
            return exceeds(before.bytes(), amount.bytes(), limit.bytes())
                    || exceeds(before.files(), amount.files(), limit.files());
        }

        private static boolean exceeds(long before, long amount, long limit) {
            return amount > 0 && limit > 0 && amount > limit - before;
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
}
