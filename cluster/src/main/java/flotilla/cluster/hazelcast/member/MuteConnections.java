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
 * Closes Hazelcast's connections to members that hang. The kernel of a hung member's host accepts the connection, but
 * the member never greets. As soon as there are bytes to send, Hazelcast's writing thread spins on such a connection
 * and serves no other. Healthy members then hear nothing from this one and count it as dead, too. Only internal classes
 * of Hazelcast give access to such a connection.
 */
public final class MuteConnections {
    /** Time between two calls of {@link #look}, in milliseconds. */
    public static final long LOOK_MILLIS = 250;

    /** Longer than a healthy member needs to greet, in milliseconds. */
    private static final long PATIENCE_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(MuteConnections.class);

    private final Supplier<Collection<ServerConnection>> connections;
    private final Predicate<Address> reachable;
    private final Predicate<ServerConnection> handshaking;
    private final LongSupplier millis;
    /**
     * The connections without a greeting, with the time of the first look at them. A closed connection is forgotten.
     */
    private final Map<ServerConnection, Long> mute = new WeakHashMap<>();

    /**
     * Watches the connections of a member.
     *
     * @param connections this member's connections; a new one does not know the identity of its other end until that
     *     has greeted
     * @param reachable tells whether the member at an address is known to be healthy
     * @param handshaking tells whether the TLS handshake of a connection still runs; {@link MemberTls} limits its time
     * @param millis a clock, in milliseconds
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

    /** Watches the connections of {@code hazelcast}. */
    public static MuteConnections of(HazelcastInstance hazelcast, MemberAddresses addresses) {
        Server server = ((HazelcastInstanceProxy) hazelcast).getOriginal().node.getServer();
        return new MuteConnections(
                server::getConnections,
                address -> addresses.reachable().contains(address),
                MemberTls::isHandshaking,
                () -> System.nanoTime() / 1_000_000);
    }

    /**
     * Closes the connections that were mute at the last look, too. A connection to a healthy member has 3 s. One thread
     * calls this.
     */
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
