package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.AccountVersions.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an entry holds of an account, how old that is, and since which change. */
public final class LookedUp extends Stored {
    private @Nullable User user;
    private long ageMillis;
    private Version version;

    LookedUp() {
        this(null, 0, new Version(Processor.NOBODY, 0));
    }

    public LookedUp(@Nullable User user, long ageMillis, Version version) {
        this.user = user;
        this.ageMillis = ageMillis;
        this.version = version;
    }

    /** The copy, unless it is older than that. */
    public Optional<User> notOlderThan(Duration age) {
        return ageMillis < age.toMillis() ? Optional.ofNullable(user) : Optional.empty();
    }

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
