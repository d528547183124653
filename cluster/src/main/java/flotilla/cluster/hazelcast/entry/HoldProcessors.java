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

/** The steps on what is held of a user's quota. */
public final class HoldProcessors {
    private HoldProcessors() {}

    /** Holds so much for a piece of work, unless that is more than before and beyond a limit. What was never counted is checked as zero. */
    public static final class Take extends QuotaStep<Boolean> {
        private Hold hold;
        private Usage limit;

        Take() {
            this(new Hold("", NOBODY, 0, 0, false), NOTHING, OnRecord.NOT_ASKED);
        }

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

    /** Ends what a piece of work holds, and books what it has changed. Done again, it only makes that the home is counted soon. */
    public static final class Settle extends QuotaStep<Boolean> {
        private String id;
        private Usage change;
        private boolean certain;

        Settle() {
            this("", NOTHING, false, OnRecord.NOT_ASKED);
        }

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

    /** Drops what a member held that has died. Run on all entries, and again on their backups. */
    public static final class Drop extends Processor<QuotaRecord, Integer> {
        private UUID member;

        Drop() {
            this(NOBODY);
        }

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
