package flotilla.cluster;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Exact counts of who holds a slot of something limited, over all nodes. Acquiring again by the same session changes
 * nothing; the slots of a member that is gone are free again.
 */
public interface Limits {
    /** What is limited: all sessions, the sessions of one user, the sessions of one address or IPv6 /64. */
    record Key(Kind kind, String value) {
        /** The kinds of limits. */
        public enum Kind {
            TOTAL,
            USER,
            ADDRESS
        }

        public static final Key TOTAL = new Key(Kind.TOTAL, "");

        public static Key user(String name) {
            return new Key(Kind.USER, name);
        }

        /** The key of an address; IPv6 addresses of one /64 share it. */
        public static Key address(java.net.InetAddress address) {
            return new Key(Kind.ADDRESS, AddressBlock.of(address));
        }
    }

    /** Takes a slot unless {@code max} holders have one already; {@code max} of 0 means no limit, the slot is counted all the same. */
    CompletionStage<Boolean> acquire(Key key, Holder holder, int max);

    /** Gives the slot back; without effect when the session has none. */
    CompletionStage<Void> release(Key key, String session);

    /** How many hold a slot, for every key that this member looks after: together, all keys there are. Blocks. */
    Map<Key, Integer> heldHere();

    /** How many hold a slot now. */
    CompletionStage<Integer> held(Key key);
}
