package flotilla.node.data;

import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;

/** Asks another FTP session, once, if it belongs to the same user at the same address as this data connection. */
final class Kinship {
    /** Longest wait for the answer. A live session answers in milliseconds, an ended one never. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final BiConsumer<String, SessionMessage> sessions;
    private final InetAddress client;
    private final ActorRef<DataMessage> self;
    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

    Kinship(BiConsumer<String, SessionMessage> sessions, InetAddress client, ActorRef<DataMessage> self) {
        this.sessions = sessions;
        this.client = client;
        this.self = self;
    }

    /**
     * Blocks until the answer has come, at most {@link #PATIENCE}. A session that does not answer has ended: its TLS
     * session is no sign of a stranger.
     *
     * @param otherSession id of the session to ask
     * @param user name of this session's user
     */
    boolean isGiven(String otherSession, String user) {
        if (user.isEmpty()) {
            return true; // an older node gave the order
        }
        sessions.accept(otherSession, new SessionMessage.Vouch(user, client, self));
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException ended) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    void answered(DataMessage.Vouched vouched) {
        answer.complete(vouched.kin());
    }
}
