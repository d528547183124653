package flotilla.cluster.placement;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Makes session ids that are sharded where they were made: a prefix that belongs to this incarnation of this node and names
 * the shard, then 100 random bits. An id is ASCII and at most {@value #MAX_LENGTH} bytes, as it is also the TLS session-id
 * context.
 */
public final class SessionPlacement {
    /** Longest session id, in bytes. */
    public static final int MAX_LENGTH = 32;

    private static final int SLOTS = 8;
    private static final int RANDOM_LENGTH = 20;
    private static final int NODE_LENGTH = 8;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private final SecureRandom random = new SecureRandom();
    private final String node;

    private SessionPlacement(String node) {
        this.node = node;
    }

    /** The placement of the member that {@code system} is. */
    public static SessionPlacement of(ActorSystem<?> system) {
        Member self = Cluster.get(system).selfMember();
        return of(self.address().toString(), self.uniqueAddress().longUid());
    }

    /** The placement of a node, by its name and the number of its incarnation. */
    public static SessionPlacement of(String nodeName, long incarnation) {
        byte[] digest = sha256(nodeName + '/' + incarnation);
        return new SessionPlacement(text(digest, NODE_LENGTH));
    }

    /** An id that nobody can guess, of a session that shall live on this node. */
    public String newSessionId() {
        byte[] bytes = new byte[RANDOM_LENGTH];
        random.nextBytes(bytes);
        return node + '.' + ThreadLocalRandom.current().nextInt(SLOTS) + '-' + text(bytes, RANDOM_LENGTH);
    }

    /** The shard of a session: its id up to the last hyphen. */
    public static String shardOf(String sessionId) {
        int end = sessionId.lastIndexOf('-');
        return end < 0 ? sessionId : sessionId.substring(0, end);
    }

    /** Five bits of each byte as a letter or digit. */
    private static String text(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(bytes[i] & 31));
        }
        return text.toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
