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

    /** Leases the first free port of a list and answers that port; answers null when all are leased. */
    public static final class Lease extends Processor<AddressLeases, Integer> {
        private int[] ports = NO_PORTS;
        private String session = "";
        private UUID member = NOBODY;
        private transient int leased;

        Lease() {}

        /**
         * Makes the step.
         *
         * @param ports the ports to try, in this order
         * @param session id of the session
         * @param member id of the member with the session's control socket
         */
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

        /** The backup gets the leased port, not the whole list. */
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
            output.writeInt(0); // older members read the index of the first port to try here
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
     * Ends the lease of a port and answers the session that had it; answers null when no such lease exists. With a
     * session, only a lease of that session ends. With the port {@link #ALL}, every lease of the session ends.
     */
    public static final class Take extends Processor<AddressLeases, String> {
        /** Stands for all ports of a session. */
        public static final int ALL = 0;

        private int port;
        private @Nullable String session;

        Take() {}

        /**
         * Makes the step.
         *
         * @param port the port, or {@link #ALL}
         * @param session the session whose lease ends; null for any session
         */
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

    /** Answers the leased ones among some ports; null for none. Changes nothing. */
    public static final class LeasedAmong extends Processor<AddressLeases, int[]> implements ReadOnly {
        private int[] ports = NO_PORTS;

        LeasedAmong() {}

        /** Looks at {@code ports}. */
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
