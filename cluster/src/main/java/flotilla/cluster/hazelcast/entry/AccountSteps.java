package flotilla.cluster.hazelcast.entry;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.entry.AccountVersions.Version;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps on the copy of an account. No step uses the database: its thread also serves the leases, locks and slots of
 * the same partition. Hazelcast's map stores are not used: when the member that loads a map dies, entries of other
 * members wait for the load without end.
 */
public final class AccountSteps {
    static final User BLANK = User.create("", "", "/");

    private AccountSteps() {}

    static User readUser(ObjectDataInput input) throws IOException {
        User read = input.readObject();
        if (read == null) {
            throw new IOException("null where an account belongs");
        }
        return read;
    }

    /** The parts that all steps share. */
    private abstract static class Step<R> extends Processor<AccountCopy, R> implements HazelcastInstanceAware {
        private @Nullable AccountVersions versions;

        @Override
        public final void setHazelcastInstance(HazelcastInstance hazelcast) {
            versions = (AccountVersions) hazelcast.getUserContext().get(MapNames.USERS);
        }

        final AccountVersions versions() {
            if (versions == null) {
                throw new IllegalStateException("a step that runs outside of a member");
            }
            return versions;
        }

        static void drop(Map.Entry<String, AccountCopy> entry) {
            if (valueOf(entry) != null) {
                remove(entry);
            }
        }

        @Override
        @SuppressWarnings("NullAway") // null: a copy of the database needs no backup
        public final EntryProcessor<String, AccountCopy, R> getBackupProcessor() {
            return null;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {}

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {}
    }

    /** Answers the copy, its age, and the version of the account. Changes nothing. */
    public static final class Look extends Step<LookedUp> {
        @Override
        public LookedUp process(Map.Entry<String, AccountCopy> entry) {
            AccountCopy copy = valueOf(entry);
            Version version = versions().of(entry.getKey());
            return copy == null
                    ? new LookedUp(null, 0, version)
                    : new LookedUp(copy.user(), copy.ageMillis(System.currentTimeMillis()), version);
        }

        @Override
        public int getClassId() {
            return Factory.LOOK_UP_USER;
        }
    }

    /**
     * Keeps an account as the database has it, unless the account was changed since the question. Answers whether it
     * was kept.
     */
    public static final class Keep extends Step<Boolean> {
        private Version before;
        private @Nullable User user;

        Keep() {
            this(new Version(NOBODY, 0), null);
        }

        /**
         * Makes the step.
         *
         * @param before the version when the database was asked
         * @param user the database's answer; null when there is no such account
         */
        public Keep(Version before, @Nullable User user) {
            this.before = before;
            this.user = user;
        }

        @Override
        public Boolean process(Map.Entry<String, AccountCopy> entry) {
            if (!versions().of(entry.getKey()).equals(before)) {
                return false;
            }
            if (user == null) {
                drop(entry);
            } else {
                entry.setValue(new AccountCopy(user, System.currentTimeMillis()));
            }
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.KEEP_USER;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            before.write(output);
            output.writeBoolean(user != null);
            if (user != null) {
                output.writeObject(user);
            }
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            before = Version.read(input);
            user = input.readBoolean() ? readUser(input) : null;
        }
    }

    /** Drops the copy of an account that has changed in the database. Always answers true. */
    public static final class Changed extends Step<Boolean> {
        @Override
        public Boolean process(Map.Entry<String, AccountCopy> entry) {
            versions().changed(entry.getKey());
            drop(entry);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.USER_CHANGED;
        }
    }
}
