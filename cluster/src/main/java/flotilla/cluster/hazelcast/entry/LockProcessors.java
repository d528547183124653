package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/** The steps on an upload lock. */
public final class LockProcessors {
    private LockProcessors() {}

    /**
     * Takes the lock unless another session has it. Answers whether the session has it. A session that has moved keeps
     * its lock, which belongs to its new member from then on.
     */
    public static final class Lock extends Processor<UploadLock, Boolean> {
        private UploadLock wanted = new UploadLock();
        private String session = "";

        Lock() {}

        /**
         * Makes the step.
         *
         * @param session id of the session
         * @param member id of the member with the session's control socket
         */
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

    /** Releases the lock if the session has it. Answers whether it had it. */
    public static final class Unlock extends Processor<UploadLock, Boolean> {
        private String session;

        Unlock() {
            this("");
        }

        /** Releases the lock of {@code session}. */
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
