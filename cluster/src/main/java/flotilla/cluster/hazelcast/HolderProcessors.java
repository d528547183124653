package flotilla.cluster.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/** The steps on the holders of a limit. */
final class HolderProcessors {
    private HolderProcessors() {}

    /** Adds a holder unless the limit is reached; a holder that moved is from then on its new member's. */
    static final class Acquire extends Processor<Holders, Boolean> {
        private String holder = "";
        private UUID member = NOBODY;
        private int max;

        Acquire() {}

        Acquire(String holder, UUID member, int max) {
            this.holder = holder;
            this.member = member;
            this.max = max;
        }

        @Override
        public Boolean process(Map.Entry<String, Holders> entry) {
            Holders present = valueOf(entry);
            Holders holders = present == null ? new Holders() : present;
            if (max > 0 && holders.count() >= max && !holders.holds(holder)) {
                return false;
            }
            holders.add(holder, member);
            entry.setValue(holders);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.ACQUIRE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(holder);
            writeUuid(output, member);
            output.writeInt(max);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            holder = readText(input);
            member = readUuid(input);
            max = input.readInt();
        }
    }

    /** Removes a holder. */
    static final class Release extends Processor<Holders, Boolean> {
        private String holder;

        Release() {
            this("");
        }

        Release(String holder) {
            this.holder = holder;
        }

        @Override
        public Boolean process(Map.Entry<String, Holders> entry) {
            Holders holders = valueOf(entry);
            if (holders == null || !holders.remove(holder)) {
                return false;
            }
            if (holders.isEmpty()) {
                remove(entry);
            } else {
                entry.setValue(holders);
            }
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.RELEASE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(holder);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            holder = readText(input);
        }
    }

    /** Counts the holders. */
    static final class Count extends Processor<Holders, Integer> implements ReadOnly {
        @Override
        public Integer process(Map.Entry<String, Holders> entry) {
            Holders holders = valueOf(entry);
            return holders == null ? 0 : holders.count();
        }

        @Override
        @SuppressWarnings("NullAway") // null: backups need not count
        public EntryProcessor<String, Holders, Integer> getBackupProcessor() {
            return null;
        }

        @Override
        public int getClassId() {
            return Factory.COUNT;
        }

        @Override
        void writeFields(ObjectDataOutput output) {}

        @Override
        void readFields(ObjectDataInput input, int version) {}
    }
}
