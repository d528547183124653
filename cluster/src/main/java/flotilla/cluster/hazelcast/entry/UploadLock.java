package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.UUID;

/** The session that writes a file, and its member. */
public final class UploadLock extends Stored implements HeldByMembers {
    private String session;
    private UUID member;

    UploadLock() {
        this("", Processor.NOBODY);
    }

    UploadLock(String session, UUID member) {
        this.session = session;
        this.member = member;
    }

    boolean isOf(String other) {
        return session.equals(other);
    }

    @Override
    public int drop(UUID gone) {
        if (!member.equals(gone)) {
            return 0;
        }
        session = "";
        return 1;
    }

    @Override
    public boolean isEmpty() {
        return session.isEmpty();
    }

    @Override
    public int getClassId() {
        return Factory.UPLOAD_LOCK;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeString(session);
        writeUuid(output, member);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        session = readText(input);
        member = readUuid(input);
    }
}
