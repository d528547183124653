package flotilla.cluster.hazelcast.member;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.server.Server;
import com.hazelcast.internal.server.ServerConnection;
import flotilla.cluster.hazelcast.tls.MemberTls;
import java.util.Collection;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections of Hazelcast to members that hang. The kernel of their host accepts a connection, nobody greets, and as soon as
 * there is something to be sent, the thread that writes goes round in circles: it looks at no other connection any more, so that
 * members that work hear nothing and count this one as dead, too. Only inside Hazelcast there is a way to such a connection.
 */
public final class MuteConnections {
    public static final long LOOK_MILLIS = 250;

    /** Longer than a member needs to greet, whatever it does. */
    private static final long PATIENCE_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(MuteConnections.class);

    private final Supplier<Collection<ServerConnection>> connections;
    private final Predicate<Address> reachable;
    private final Predicate<ServerConnection> handshaking;
    private final LongSupplier millis;
    /** Connections that nobody greeted on, since when; one that is closed is forgotten. */
    private final Map<ServerConnection, Long> mute = new WeakHashMap<>();

    /**
     * @param connections of this member; a new one has no identity of its other end until that has greeted
     * @param reachable whether the member at an address is known to be well
     * @param handshaking whether nothing can be said yet; how long that may last is limited elsewhere
     * @param millis a clock
     */
    MuteConnections(
            Supplier<Collection<ServerConnection>> connections,
            Predicate<Address> reachable,
            Predicate<ServerConnection> handshaking,
            LongSupplier millis) {
        this.connections = connections;
        this.reachable = reachable;
        this.handshaking = handshaking;
        this.millis = millis;
    }

    public static MuteConnections of(HazelcastInstance hazelcast, MemberAddresses addresses) {
        Server server = ((HazelcastInstanceProxy) hazelcast).getOriginal().node.getServer();
        return new MuteConnections(
                server::getConnections,
                address -> addresses.reachable().contains(address),
                MemberTls::isHandshaking,
                () -> System.nanoTime() / 1_000_000);
    }

    /** Closes those that were mute at the last look, too, or for long enough when their other end should be well. Called by one thread. */
    public void look() {
        long now = millis.getAsLong();
        for (ServerConnection connection : connections.get()) {
            Address address = connection.getRemoteAddress();
            if (address == null || connection.getRemoteUuid() != null || !connection.isAlive()) {
                mute.remove(connection);
                continue;
            }
            boolean well = reachable.test(address);
            if (well && handshaking.test(connection)) {
                continue;
            }
            Long since = mute.putIfAbsent(connection, now);
            if (since != null && now - since >= (well ? PATIENCE_MILLIS : 0)) {
                LOG.info(
                        "Hazelcast at {} accepts a connection and says nothing (does it hang?): the connection is closed",
                        address);
                connection.close("nobody greets", null);
            }
        }
    }
}
