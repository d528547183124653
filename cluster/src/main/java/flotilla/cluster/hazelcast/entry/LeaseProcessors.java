package flotilla.cluster.hazelcast.entry;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The steps on the passive ports of a client address. */
public final class LeaseProcessors {
    private static final int[] NO_PORTS = {};

    private LeaseProcessors() {}

    /** Leases the first free port, and answers it; null when all are leased. */
    public static final class Lease extends Processor<AddressLeases, Integer> {
        private int[] ports = NO_PORTS;
        private String session = "";
        private UUID member = NOBODY;
        private transient int leased;

        Lease() {}

        public Lease(int[] ports, String session, UUID member) {
            this.ports = ports;
            this.session = session;
            this.member = member;
        }

        @Override
        public @Nullable Integer process(Map.Entry<String, AddressLeases> entry) {
            AddressLeases present = valueOf(entry);
            AddressLeases leases = present == null ? new AddressLeases() : present;
            for (int port : ports) {
                if (!leases.has(port)) {
                    leases.add(port, session, member);
                    entry.setValue(leases);
                    leased = port;
                    return port;
                }
            }
            return null;
        }

        /** The backup is told the port, not the pool. */
        @Override
        @SuppressWarnings("NullAway") // null: nothing changed
        public EntryProcessor<String, AddressLeases, Integer> getBackupProcessor() {
            return leased == 0 ? null : new Lease(new int[] {leased}, session, member);
        }

        @Override
        public int getClassId() {
            return Factory.LEASE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeIntArray(ports);
            output.writeInt(0); // older members begin with that one
            output.writeString(session);
            writeUuid(output, member);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            int[] read = input.readIntArray();
            ports = read == null ? NO_PORTS : read;
            input.readInt();
            session = readText(input);
            member = readUuid(input);
        }
    }

    /**
     * Ends the lease of a port, whoever's or only if it is {@code session}'s, and answers whose it was. With the port
     * {@link #ALL} every lease of the session ends.
     */
    public static final class Take extends Processor<AddressLeases, String> {
        public static final int ALL = 0;

        private int port;
        private @Nullable String session;

        Take() {}

        public Take(int port, @Nullable String session) {
            this.port = port;
            this.session = session;
        }

        @Override
        public @Nullable String process(Map.Entry<String, AddressLeases> entry) {
            AddressLeases leases = valueOf(entry);
            if (leases == null) {
                return null;
            }
            String taken = end(leases);
            if (taken == null) {
                return null;
            }
            if (leases.isEmpty()) {
                remove(entry);
            } else {
                entry.setValue(leases);
            }
            return taken;
        }

        private @Nullable String end(AddressLeases leases) {
            if (session == null) {
                return leases.take(port);
            }
            if (port == ALL) {
                return leases.drop(session) ? session : null;
            }
            return leases.isOf(port, session) ? leases.take(port) : null;
        }

        @Override
        public int getClassId() {
            return Factory.TAKE;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeInt(port);
            output.writeString(session);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            port = input.readInt();
            session = input.readString();
        }
    }

    /** Answers which of some ports are leased to an address; null for none. */
    public static final class LeasedAmong extends Processor<AddressLeases, int[]> implements ReadOnly {
        private int[] ports = NO_PORTS;

        LeasedAmong() {}

        public LeasedAmong(int[] ports) {
            this.ports = ports;
        }

        @Override
        public int @Nullable [] process(Map.Entry<String, AddressLeases> entry) {
            AddressLeases leases = valueOf(entry);
            int[] leased = leases == null ? NO_PORTS : leases.among(ports);
            return leased.length == 0 ? null : leased;
        }

        @Override
        @SuppressWarnings("NullAway") // null: backups need not look
        public EntryProcessor<String, AddressLeases, int[]> getBackupProcessor() {
            return null;
        }

        @Override
        public int getClassId() {
            return Factory.LEASED_AMONG;
        }

        @Override
        void writeFields(ObjectDataOutput output) throws IOException {
            output.writeIntArray(ports);
        }

        @Override
        void readFields(ObjectDataInput input, int version) throws IOException {
            int[] read = input.readIntArray();
            ports = read == null ? NO_PORTS : read;
        }
    }
}
