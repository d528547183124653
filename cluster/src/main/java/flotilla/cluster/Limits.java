package flotilla.cluster;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Exact counts, over all nodes, of the sessions that hold a slot of a limit. A session that acquires a slot again keeps
 * its one slot. The slots of a member that is gone are free again.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#patience}. A slot may have
 * been taken all the same, so the caller releases it.
 */
public interface Limits {
    /**
     * The key of a limit: all sessions, the sessions of one user, or the sessions of one address block.
     *
     * @param kind what is limited
     * @param value empty, the name of the user, or the text of {@link AddressBlock}
     */
    record Key(Kind kind, String value) {
        /** The kinds of limits. */
        public enum Kind {
            TOTAL,
            USER,
            ADDRESS
        }

        /** The key of all sessions. */
        public static final Key TOTAL = new Key(Kind.TOTAL, "");

        /** The key of a user. */
        public static Key user(String name) {
            return new Key(Kind.USER, name);
        }

        /** The key of an address. IPv6 addresses of one /64 share it. */
        public static Key address(java.net.InetAddress address) {
            return new Key(Kind.ADDRESS, AddressBlock.of(address));
        }
    }

    /**
     * Takes a slot unless {@code max} holders have one already.
     *
     * @param max most holders; with 0 there is no limit, but the slot is counted
     * @return whether the holder has a slot
     */
    CompletionStage<Boolean> acquire(Key key, Holder holder, int max);

    /** Releases a slot. Has no effect when the session has none. */
    CompletionStage<Void> release(Key key, String session);

    /**
     * The number of holders of each key whose entry this member keeps. The maps of all members together have every key.
     * Blocks, and throws a runtime exception when Hazelcast has stopped.
     */
    Map<Key, Integer> heldHere();

    /** The number of holders of a key now. */
    CompletionStage<Integer> held(Key key);
}
