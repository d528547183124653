package flotilla.cluster.hazelcast.entry;

import static flotilla.cluster.QuotaLedger.Usage.NOTHING;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.QuotaRecord.Hold;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The steps on the holds of a user's quota. */
public final class HoldProcessors {
    private HoldProcessors() {}

    /**
     * Sets the hold of a piece of work. Answers false, and changes nothing, when that holds more than before and grows
     * the usage beyond a limit. A home that was never counted is checked as if it were empty. Answers null when the
     * database must be read first.
     */
    public static final class Take extends QuotaStep<Boolean> {
        private Hold hold;
        private Usage limit;

        Take() {
            this(new Hold("", NOBODY, 0, 0, false), NOTHING, OnRecord.NOT_ASKED);
        }

        /**
         * Makes the step.
         *
         * @param hold takes the place of the hold of the same work
         * @param limit most bytes and files; 0 for no limit
         * @param onRecord the database's record, if it was read
         */
        public Take(Hold hold, Usage limit, OnRecord onRecord) {
            super(onRecord);
            this.hold = hold;
            this.limit = limit;
        }

        @Override
        public @Nullable Boolean process(Map.Entry<String, QuotaRecord> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            QuotaRecord present = current(entry);
            Hold before = present.hold(hold.id()).orElse(new Hold("", NOBODY, 0, 0, false));
            Usage more = new Usage(hold.bytes() - before.bytes(), hold.files() - before.files());
            if (QuotaProcessors.Reserve.exceeds(present.total(), more, limit)) {
                return false;
            }
            change(entry, present.with(hold));
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.TAKE_HOLD;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            super.writeFields(output);
            output.writeString(hold.id());
            writeUuid(output, hold.member());
            write(output, new Usage(hold.bytes(), hold.files()));
            output.writeBoolean(hold.shown());
            write(output, limit);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            super.readFields(input, version);
            String id = readText(input);
            UUID member = readUuid(input);
            Usage amount = read(input);
            hold = new Hold(id, member, amount.bytes(), amount.files(), input.readBoolean());
            limit = read(input);
        }
    }

    /**
     * Ends the hold of a piece of work and books its change. A second run books nothing; it only makes sure that the
     * home is counted soon. Answers true, or null when the database must be read first.
     */
    public static final class Settle extends QuotaStep<Boolean> {
        private String id;
        private Usage change;
        private boolean certain;

        Settle() {
            this("", NOTHING, false, OnRecord.NOT_ASKED);
        }

        /**
         * Makes the step.
         *
         * @param id the id of the work's hold
         * @param change the bytes and files that the work added; negative for less
         * @param certain whether {@code change} is known for sure; otherwise the home is counted soon
         * @param onRecord the database's record, if it was read
         */
        public Settle(String id, Usage change, boolean certain, OnRecord onRecord) {
            super(onRecord);
            this.id = id;
            this.change = change;
            this.certain = certain;
        }

        @Override
        public @Nullable Boolean process(Map.Entry<String, QuotaRecord> entry) {
            if (isUnknown(entry)) {
                return null;
            }
            change(entry, current(entry).settle(id, change, certain));
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.SETTLE_HOLD;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            super.writeFields(output);
            output.writeString(id);
            write(output, change);
            output.writeBoolean(certain);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            super.readFields(input, version);
            id = readText(input);
            change = read(input);
            certain = input.readBoolean();
        }
    }

    /**
     * Drops the holds of a member that has died. Answers their number, or null for none. Runs on all entries and again
     * on their backups.
     */
    public static final class Drop extends Processor<QuotaRecord, Integer> {
        private UUID member;

        Drop() {
            this(NOBODY);
        }

        /** Drops the holds of {@code member}. */
        public Drop(UUID member) {
            this.member = member;
        }

        @Override
        public @Nullable Integer process(Map.Entry<String, QuotaRecord> entry) {
            QuotaRecord present = valueOf(entry);
            if (present == null) {
                return null;
            }
            QuotaRecord rest = present.drop(member);
            int dropped = present.holds().size() - rest.holds().size();
            if (dropped == 0) {
                return null;
            }
            QuotaStep.put(entry, rest);
            return dropped;
        }

        @Override
        public int getClassId() {
            return Factory.DROP_HOLDS;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            writeUuid(output, member);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            member = readUuid(input);
        }
    }
}
