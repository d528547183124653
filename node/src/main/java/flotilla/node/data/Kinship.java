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

/** The question of a data connection to another FTP session, whether it is the same user's from the same address; asked once. */
final class Kinship {
    /** A session that lives answers in milliseconds; one that has ended never does. */
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

    /** Blocks until the answer is there. A session that does not answer has ended: its TLS session tells nothing about its holder, as none does. */
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
