package flotilla.cluster.hazelcast.entry;

import static flotilla.cluster.QuotaLedger.Usage.NOTHING;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The steps of a count of a home. */
public final class CountProcessors {
    private CountProcessors() {}

    /**
     * Begins a count of a home. Answers the number of the count, 0 while a change in the home is under way, and null
     * when the database must be read first.
     */
    public static final class Begin extends QuotaStep<Long> {
        private long number;

        Begin() {
            this(0, OnRecord.NOT_ASKED);
        }

        /**
         * Makes the step.
         *
         * @param number random and not 0; counts that run at once share the number of the first
         * @param onRecord the database's record, if it was read
         */
        public Begin(long number, OnRecord onRecord) {
            super(onRecord);
            this.number = number;
        }

        @Override
        public @Nullable Long process(Map.Entry<String, QuotaRecord> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            Optional<QuotaRecord> begun = current(entry).beginCount(number);
            begun.ifPresent(book -> change(entry, book));
            return begun.map(QuotaRecord::stillness).orElse(0L);
        }

        @Override
        public int getClassId() {
            return Factory.BEGIN_COUNT;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            super.writeFields(output);
            output.writeLong(number);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            super.readFields(input, version);
            number = input.readLong();
        }
    }

    /**
     * Enters the result of a count, and drops the holds of members that are gone. Answers the book before; null when
     * something may have changed in the home since the count began.
     */
    public static final class End extends QuotaStep<QuotaRecord> {
        private long number;
        private Usage counted;
        private long now;

        End() {
            this(0, NOTHING, 0);
        }

        /**
         * Makes the step.
         *
         * @param number the answer of {@link Begin}
         * @param counted the bytes and files that were counted
         * @param now the present, in milliseconds of the epoch
         */
        public End(long number, Usage counted, long now) {
            super(OnRecord.NOT_ASKED);
            this.number = number;
            this.counted = counted;
            this.now = now;
        }

        @Override
        public @Nullable QuotaRecord process(Map.Entry<String, QuotaRecord> entry) {
            QuotaRecord present = valueOf(entry);
            Optional<QuotaRecord> book =
                    present == null ? Optional.empty() : withoutTheGone(present).endCount(number, counted, now);
            if (present == null || book.isEmpty()) {
                return null;
            }
            change(entry, book.get());
            return present;
        }

        private QuotaRecord withoutTheGone(QuotaRecord book) {
            if (book.holds().isEmpty()) {
                return book;
            }
            Set<UUID> members = member().getCluster().getMembers().stream()
                    .map(MemberIds::of)
                    .collect(Collectors.toSet());
            QuotaRecord rest = book;
            for (QuotaRecord.Hold hold : book.holds()) {
                rest = members.contains(hold.member()) ? rest : rest.drop(hold.member());
            }
            return rest;
        }

        @Override
        public int getClassId() {
            return Factory.END_COUNT;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            super.writeFields(output);
            output.writeLong(number);
            write(output, counted);
            output.writeLong(now);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            super.readFields(input, version);
            number = input.readLong();
            counted = read(input);
            now = input.readLong();
        }
    }
}
