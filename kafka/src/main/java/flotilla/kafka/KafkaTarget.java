package flotilla.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.event.EventTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Writes events into a topic, as the binding of CloudEvents 1.0 for Kafka says for its structured mode. */
final class KafkaTarget implements EventTarget {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Header TYPE = new RecordHeader(
            "content-type", "application/cloudevents+json; charset=UTF-8".getBytes(StandardCharsets.UTF_8));
    private static final Duration LAST = Duration.ofSeconds(2);

    private final Producer<String, String> producer;
    private final String topic;
    private final Duration timeout;
    /** Kafka's send waits for the brokers while it does not know the topic's partitions. */
    private final ThreadPoolExecutor sender;

    /** @param inFlight most events at a time */
    KafkaTarget(Producer<String, String> producer, String topic, Duration timeout, int inFlight) {
        this.producer = producer;
        this.topic = topic;
        this.timeout = timeout;
        // one more, for a test event beside the full number of deliveries
        this.sender =
                new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(inFlight + 1), task -> {
                    Thread thread = new Thread(task, "flotilla-kafka");
                    thread.setDaemon(true);
                    return thread;
                });
        sender.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<Answer> send(Message message) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            sender.execute(() -> send(message, answer));
        } catch (RejectedExecutionException full) {
            answer.complete(Answer.no("too many events wait for Kafka"));
        }
        return answer;
    }

    private void send(Message message, CompletableFuture<Answer> answer) {
        try {
            producer.send(
                    new ProducerRecord<>(topic, null, key(message), message.json(), List.of(TYPE)),
                    (place, failure) -> answer.complete(answer(place, failure)));
        } catch (RuntimeException e) {
            answer.complete(answer(null, e));
        }
    }

    private Answer answer(@Nullable RecordMetadata place, @Nullable Exception failure) {
        if (failure != null) {
            return Answer.no(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
        return Answer.yes(Optional.ofNullable(place)
                .map(at -> "Kafka has it in " + at.topic() + ", partition " + at.partition())
                .orElse("Kafka has it in " + topic));
    }

    /** Returns the subject, which is the path of a file; the id of an event without one. */
    private static String key(Message message) {
        try {
            String subject = JSON.readTree(message.json()).path("subject").asText();
            return subject.isEmpty() ? message.id() : subject;
        } catch (JsonProcessingException e) {
            return message.id();
        }
    }

    @Override
    public Duration timeout() {
        return timeout.plus(timeout); // to find the partitions, and to be acknowledged
    }

    @Override
    public void close() {
        sender.shutdown();
        producer.close(LAST);
    }
}
