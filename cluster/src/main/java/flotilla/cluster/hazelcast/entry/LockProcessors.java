package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/** The steps on an upload lock. */
public final class LockProcessors {
    private LockProcessors() {}

    /** Takes the lock unless another session has it; a session that moved takes it along. */
    public static final class Lock extends Processor<UploadLock, Boolean> {
        private UploadLock wanted = new UploadLock();
        private String session = "";

        Lock() {}

        public Lock(String session, UUID member) {
            this.session = session;
            this.wanted = new UploadLock(session, member);
        }

        @Override
        public Boolean process(Map.Entry<String, UploadLock> entry) {
            UploadLock present = valueOf(entry);
            if (present != null && !present.isOf(session)) {
                return false;
            }
            entry.setValue(wanted);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.LOCK;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(session);
            wanted.writeData(output);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            session = readText(input);
            wanted = new UploadLock();
            wanted.readData(input);
        }
    }

    /** Gives the lock back if the session has it. */
    public static final class Unlock extends Processor<UploadLock, Boolean> {
        private String session;

        Unlock() {
            this("");
        }

        public Unlock(String session) {
            this.session = session;
        }

        @Override
        public Boolean process(Map.Entry<String, UploadLock> entry) {
            UploadLock present = valueOf(entry);
            if (present == null || !present.isOf(session)) {
                return false;
            }
            remove(entry);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.UNLOCK;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeString(session);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            session = readText(input);
        }
    }
}
