package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.AccountVersions.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to a look-up of an account: the copy if there is one, its age, and the version of the account. */
public final class LookedUp extends Stored {
    private @Nullable User user;
    private long ageMillis;
    private Version version;

    LookedUp() {
        this(null, 0, new Version(Processor.NOBODY, 0));
    }

    /**
     * Makes an answer.
     *
     * @param user the copy; null when there is none
     * @param ageMillis age of the copy, in milliseconds
     * @param version counts the account's changes on the entry's member
     */
    public LookedUp(@Nullable User user, long ageMillis, Version version) {
        this.user = user;
        this.ageMillis = ageMillis;
        this.version = version;
    }

    /** The copy if it is younger than {@code age}; otherwise empty. */
    public Optional<User> notOlderThan(Duration age) {
        return ageMillis < age.toMillis() ? Optional.ofNullable(user) : Optional.empty();
    }

    /** The version of the account, to be handed to {@link AccountSteps.Keep}. */
    public Version version() {
        return version;
    }

    @Override
    public int getClassId() {
        return Factory.LOOKED_UP;
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeBoolean(user != null);
        if (user != null) {
            output.writeObject(user);
        }
        output.writeLong(ageMillis);
        version.write(output);
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        user = input.readBoolean() ? AccountSteps.readUser(input) : null;
        ageMillis = input.readLong();
        this.version = Version.read(input);
    }
}
