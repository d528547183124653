package flotilla.kafka;

import com.typesafe.config.Config;
import flotilla.ops.event.EventTarget;
import flotilla.ops.event.EventTargetProvider;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Targets that write each event into a topic. All replicas in sync acknowledge a record before its event counts as
 * delivered. The key of a record is the file's path, so events of a file are in one partition, in their order.
 */
public final class KafkaProvider implements EventTargetProvider {
    private static final Set<String> KEYS = Set.of("type", "servers", "topic", "timeout", "properties-file");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);
    /** What the promise of a target rests on: a file cannot set it otherwise. */
    private static final Set<String> FIXED = Set.of(
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public EventTarget open(String name, Config settings, int inFlight) throws IOException {
        Set<String> unknown = new TreeSet<>(settings.root().keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IOException("unknown key " + String.join(", ", unknown));
        }
        if (!settings.hasPath("servers") || !settings.hasPath("topic")) {
            throw new IOException("it needs servers, such as [\"kafka-1:9092\"], and a topic");
        }
        Duration timeout = settings.hasPath("timeout") ? settings.getDuration("timeout") : TIMEOUT;
        if (timeout.compareTo(SHORTEST) < 0) {
            throw new IOException("timeout must be 1s or longer");
        }
        Properties properties = settings.hasPath("properties-file")
                ? ofFile(Path.of(settings.getString("properties-file")))
                : new Properties();
        fix(properties, name, settings.getStringList("servers"), timeout);
        try {
            return new KafkaTarget(new KafkaProducer<>(properties), settings.getString("topic"), timeout, inFlight);
        } catch (KafkaException e) { // its cause names a host that is unknown, or a value that is wrong
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(String.valueOf(cause.getMessage()), e);
        }
    }

    /** Reads more settings of Kafka's producer, such as those for TLS and passwords. */
    private static Properties ofFile(Path file) throws IOException {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new IOException(file + " may hold passwords: others must not read it (chmod 600)");
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Set<String> fixed = new TreeSet<>(properties.stringPropertyNames());
        fixed.retainAll(FIXED);
        if (!fixed.isEmpty()) {
            throw new IOException(file + " must not set " + String.join(", ", fixed));
        }
        return properties;
    }

    private static void fix(Properties properties, String name, List<String> servers, Duration timeout) {
        String millis = Long.toString(timeout.toMillis());
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", servers));
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        properties.setProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis() / 2));
        properties.setProperty(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
        properties.setProperty(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0"); // each event waits for its own answer
        properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "flotilla-" + name);
    }
}
