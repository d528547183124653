package flotilla.cluster.placement;

import flotilla.cluster.NodeBoard;
import flotilla.cluster.NodeBoard.NodeState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Makes session ids. An id is the name of its shard, a hyphen, and 100 random bits. The name of the shard begins with a
 * prefix of the node's incarnation on which the session is to live. An id is ASCII and at most {@value #MAX_LENGTH}
 * bytes long, since it is also the TLS session-id context.
 */
public final class SessionPlacement {
    /** Longest session id, in bytes. */
    public static final int MAX_LENGTH = 32;

    private static final int SLOTS = 8;
    private static final int RANDOM_LENGTH = 20;
    private static final int NODE_LENGTH = 8;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private final SecureRandom random = new SecureRandom();
    private final Supplier<String> shards;

    private SessionPlacement(Supplier<String> shards) {
        this.shards = shards;
    }

    /**
     * Places sessions on this node.
     *
     * @param shards prefix of this node's shards
     */
    public static SessionPlacement local(String shards) {
        return new SessionPlacement(() -> shards);
    }

    /**
     * Places each session on the less loaded of two random workers, or on this node while there is no worker.
     *
     * @param own prefix of this node's shards
     */
    public static SessionPlacement spread(NodeBoard board, String own) {
        return new SessionPlacement(
                () -> leastLoaded(board).map(NodeState::shards).orElse(own));
    }

    private static Optional<NodeState> leastLoaded(NodeBoard board) {
        List<NodeState> workers = board.nodes().stream()
                .filter(node -> node.worker() && !node.draining())
                .toList();
        if (workers.isEmpty()) {
            return Optional.empty();
        }
        NodeState one = any(workers);
        NodeState other = any(workers);
        return Optional.of(other.sessions() < one.sessions() ? other : one);
    }

    private static NodeState any(List<NodeState> nodes) {
        return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
    }

    /** The prefix of the shards of the member that {@code system} is. */
    public static String shardsOf(ActorSystem<?> system) {
        Member self = Cluster.get(system).selfMember();
        return shardsOf(self.address().toString(), self.uniqueAddress().longUid());
    }

    /** The prefix of a node's shards, made from its address and the number of its incarnation. */
    public static String shardsOf(String address, long incarnation) {
        return text(sha256(address + '/' + incarnation), NODE_LENGTH) + '.';
    }

    /** A new id that cannot be guessed. */
    public String newSessionId() {
        byte[] bytes = new byte[RANDOM_LENGTH];
        random.nextBytes(bytes);
        return shards.get() + ThreadLocalRandom.current().nextInt(SLOTS) + '-' + text(bytes, RANDOM_LENGTH);
    }

    /** The shard of a session: its id up to the last hyphen. */
    public static String shardOf(String sessionId) {
        int end = sessionId.lastIndexOf('-');
        return end < 0 ? sessionId : sessionId.substring(0, end);
    }

    /** Encodes five bits of each byte as a letter or digit. */
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
