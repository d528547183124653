package flotilla.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.User;
import flotilla.cluster.jdbc.JdbcUserStore;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps on an account. They read and write the database where the entry is, one after the other; the entry is a copy that may be
 * lost. Hazelcast's own map stores are not used: when the member that loads a map dies, entries of others wait for it without end.
 */
final class AccountSteps {
    private AccountSteps() {}

    /** What they share. */
    private abstract static class Step<R> extends Processor<User, R> implements HazelcastInstanceAware {
        private @Nullable Supplier<JdbcUserStore> store;

        @Override
        @SuppressWarnings("unchecked") // put there by MapConfigs
        public final void setHazelcastInstance(HazelcastInstance hazelcast) {
            store = (Supplier<JdbcUserStore>) hazelcast.getUserContext().get(MapConfigs.USERS);
        }

        final JdbcUserStore store() {
            if (store == null) {
                throw new IllegalStateException("a step that runs outside of a member");
            }
            return store.get();
        }

        @Override
        @SuppressWarnings("NullAway") // null: what is in the database needs no backup
        public final EntryProcessor<String, User, R> getBackupProcessor() {
            return null;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {}

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {}
    }

    /** A step that carries an account: as an object, so that it is sealed on its way as it is in the map. */
    private abstract static class Writing<R> extends Step<R> {
        private User user;

        private Writing(User user) {
            this.user = user;
        }

        final User user() {
            return user;
        }

        final void write(Map.Entry<String, User> entry) {
            store().put(user);
            entry.setValue(user);
        }

        @Override
        final void writeFields(ObjectDataOutput output) throws IOException {
            output.writeObject(user);
        }

        @Override
        final void readFields(ObjectDataInput input, int version) throws IOException {
            User read = input.readObject();
            if (read == null) {
                throw new IOException("null where an account belongs");
            }
            user = read;
        }
    }

    private static final User BLANK = User.create("", "", "/");

    /** Finds an account. */
    static final class Find extends Step<User> {
        @Override
        public @Nullable User process(Map.Entry<String, User> entry) {
            User present = valueOf(entry);
            if (present != null) {
                return present;
            }
            User stored = store().find(entry.getKey()).orElse(null);
            if (stored != null) {
                entry.setValue(stored);
            }
            return stored;
        }

        @Override
        public int getClassId() {
            return Factory.FIND_USER;
        }
    }

    /** Adds or replaces an account. */
    static final class Put extends Writing<Boolean> {
        Put() {
            this(BLANK);
        }

        Put(User user) {
            super(user);
        }

        @Override
        public Boolean process(Map.Entry<String, User> entry) {
            write(entry);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.PUT_USER;
        }
    }

    /** Adds an account unless there is one of its name. */
    static final class Add extends Writing<Boolean> {
        Add() {
            this(BLANK);
        }

        Add(User user) {
            super(user);
        }

        @Override
        public Boolean process(Map.Entry<String, User> entry) {
            if (valueOf(entry) != null || store().find(entry.getKey()).isPresent()) {
                return false;
            }
            write(entry);
            return true;
        }

        @Override
        public int getClassId() {
            return Factory.ADD_USER;
        }
    }

    /** Removes an account and says whether there was one. */
    static final class Remove extends Step<Boolean> {
        @Override
        public Boolean process(Map.Entry<String, User> entry) {
            boolean removed = store().remove(entry.getKey());
            if (valueOf(entry) != null) {
                remove(entry);
            }
            return removed;
        }

        @Override
        public int getClassId() {
            return Factory.REMOVE_USER;
        }
    }
}
