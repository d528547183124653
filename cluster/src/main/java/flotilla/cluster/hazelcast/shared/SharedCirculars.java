package flotilla.cluster.hazelcast.shared;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.topic.ITopic;
import flotilla.cluster.Circulars;
import flotilla.cluster.hazelcast.entry.MapNames;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Texts to all other nodes, by one topic for each subject. */
public final class SharedCirculars implements Circulars {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCirculars.class);

    private final HazelcastInstance hazelcast;

    /** Uses the topics of a member. */
    public SharedCirculars(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    private ITopic<String> topic(String subject) {
        return hazelcast.getTopic(MapNames.CIRCULARS + subject);
    }

    @Override
    public void send(String subject, String text) {
        if (text.length() > MAX_TEXT) {
            LOG.warn("a message about {} is not sent to the other nodes, because it is too long", subject);
            return;
        }
        try {
            topic(subject).publishAsync(text);
        } catch (HazelcastException | HazelcastInstanceNotActiveException ending) {
            LOG.debug("a text about {} was not sent", subject, ending);
        }
    }

    @Override
    public AutoCloseable onText(String subject, Consumer<String> listener) {
        ITopic<String> topic = topic(subject);
        UUID registration = topic.addMessageListener(message -> {
            if (!hazelcast.getCluster().getLocalMember().equals(message.getPublishingMember())) {
                listener.accept(message.getMessageObject());
            }
        });
        return () -> topic.removeMessageListener(registration);
    }
}
