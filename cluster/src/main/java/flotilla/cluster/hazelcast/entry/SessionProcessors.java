package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps on a session's record. A step with an older epoch than the record's is refused. */
public final class SessionProcessors {
    private SessionProcessors() {}

    /** Raises the epoch, notes the claiming node, and answers the record; answers null when there is none. */
    public static final class Claim extends Processor<StoredSession, StoredSession> {
        private String node;

        Claim() {
            this("");
        }

        /** Claims the record for the node of that name. */
        public Claim(String node) {
            this.node = node;
        }

        @Override
        public @Nullable StoredSession process(Map.Entry<String, StoredSession> entry) {
            StoredSession present = valueOf(entry);
            if (present == null) {
                return null;
            }
            StoredSession claimed = present.claimedBy(node);
            entry.setValue(claimed);
            return claimed;
        }

        @Override
        public int getClassId() {
            return Factory.CLAIM;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(node);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            node = readText(input);
        }
    }

    /** Writes the record. Answers false when a newer incarnation holds it. */
    public static final class Save extends Processor<StoredSession, Boolean> {
        private StoredSession session;

        Save() {
            this(new StoredSession());
        }

        /** Writes {@code session}. */
        public Save(StoredSession session) {
            this.session = session;
        }

        @Override
        public Boolean process(Map.Entry<String, StoredSession> entry) {
            StoredSession present = valueOf(entry);
            if (present != null && present.epoch() > session.epoch()) {
                return false;
            }
            entry.setValue(session);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.SAVE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            session.writeData(output);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            session = new StoredSession();
            session.readData(input);
        }
    }

    /** Removes the record. Answers false when there is none or a newer incarnation holds it. */
    public static final class End extends Processor<StoredSession, Boolean> {
        private long epoch;

        End() {}

        /** Removes the record if its epoch is at most {@code epoch}. */
        public End(long epoch) {
            this.epoch = epoch;
        }

        @Override
        public Boolean process(Map.Entry<String, StoredSession> entry) {
            StoredSession present = valueOf(entry);
            if (present == null || present.epoch() > epoch) {
                return false;
            }
            remove(entry);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.END;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeLong(epoch);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            epoch = input.readLong();
        }
    }
}
