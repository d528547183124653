package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.User;
import java.io.IOException;
import java.time.Duration;

/** What the database said of an account, and when. The account travels as an object, so that it is sealed. */
public final class AccountCopy extends Stored {
    /** A copy counts for so long without a question: the database may be changed by others. */
    public static final Duration FRESH = Duration.ofSeconds(60);

    private User user;
    private long readMillis;

    AccountCopy() {
        this(AccountSteps.BLANK, 0);
    }

    public AccountCopy(User user, long readMillis) {
        this.user = user;
        this.readMillis = readMillis;
    }

    User user() {
        return user;
    }

    long ageMillis(long nowMillis) {
        return Math.max(0, nowMillis - readMillis);
    }

    @Override
    public int getClassId() {
        return Factory.ACCOUNT_COPY;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeObject(user);
        output.writeLong(readMillis);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        user = AccountSteps.readUser(input);
        readMillis = input.readLong();
    }
}
