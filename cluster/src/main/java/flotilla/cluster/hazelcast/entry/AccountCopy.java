package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.User;
import java.io.IOException;
import java.time.Duration;

/**
 * A copy of an account, and when it was read from the database. The account is written as an object so that its record
 * serializer seals it.
 */
public final class AccountCopy extends Stored {
    /**
     * How long a copy is used before the database is asked again. Other programs may change the database, so this is a
     * bound on how late a node notices.
     */
    public static final Duration FRESH = Duration.ofSeconds(60);

    private User user;
    private long readMillis;

    AccountCopy() {
        this(AccountSteps.BLANK, 0);
    }

    /**
     * Makes a copy.
     *
     * @param readMillis when the database was read, in milliseconds of the epoch
     */
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
