package flotilla.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import flotilla.ops.event.EventTarget;
import flotilla.ops.event.EventTarget.Answer;
import flotilla.ops.event.EventTarget.Message;
import flotilla.ops.event.EventTargetProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in a topic of a real broker. */
class KafkaTargetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static KafkaClusterTestKit kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                        .setCombined(true)
                        .setNumBrokerNodes(1)
                        .setNumControllerNodes(1)
                        .build())
                .setConfigProp("auto.create.topics.enable", "false")
                .setConfigProp("offsets.topic.replication.factor", "1")
                .build();
        kafka.format();
        kafka.startup();
        kafka.waitForReadyBrokers();
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    private static EventTarget open(String servers, String topic, String more) throws Exception {
        EventTargetProvider provider = StreamSupport.stream(
                        ServiceLoader.load(EventTargetProvider.class).spliterator(), false)
                .filter(each -> each.type().equals("kafka"))
                .findFirst()
                .orElseThrow();
        Config settings = ConfigFactory.parseString(
                "type = kafka, servers = [\"" + servers + "\"], topic = " + topic + more + "\n");
        return provider.open("lake", settings, 8);
    }

    private static Message message(int number, String path) {
        return new Message(
                "id-" + number,
                "flotilla.upload",
                "{\"specversion\":\"1.0\",\"id\":\"id-" + number + "\",\"subject\":\"" + path + "\"}",
                1);
    }

    private static Answer answer(CompletionStage<Answer> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<ConsumerRecord<String, String>> read(String topic, int number) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                "reader-of-" + topic,
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> found = new ArrayList<>();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (found.size() < number && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(500)).forEach(found::add);
            }
            return found;
        }
    }

    private static void make(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void eventsOfAFileAreInOnePartitionInTheirOrder() throws Exception {
        make("files", 4);
        try (EventTarget target = open(kafka.bootstrapServers(), "files", "")) {
            for (int i = 0; i < 40; i++) {
                Answer answer = answer(target.send(message(i, "/in/" + i % 10)));
                assertTrue(answer.accepted(), answer.text());
            }
        }
        List<ConsumerRecord<String, String>> records = read("files", 40);
        assertEquals(40, records.size());
        for (int file = 0; file < 10; file++) {
            String path = "/in/" + file;
            List<ConsumerRecord<String, String>> ofFile =
                    records.stream().filter(record -> record.key().equals(path)).toList();
            assertEquals(
                    1, ofFile.stream().map(ConsumerRecord::partition).distinct().count());
            List<String> expected = new ArrayList<>();
            for (int i = file; i < 40; i += 10) {
                expected.add(message(i, path).json());
            }
            assertEquals(expected, ofFile.stream().map(ConsumerRecord::value).toList());
        }
        assertTrue(records.stream().map(ConsumerRecord::partition).distinct().count() > 1);
        assertEquals(
                "application/cloudevents+json; charset=UTF-8",
                new String(records.get(0).headers().lastHeader("content-type").value()));
    }

    @Test
    void aTopicThatIsNotThereIsAFailure() throws Exception {
        try (EventTarget target = open(kafka.bootstrapServers(), "nowhere", ", timeout = 2s")) {
            Answer answer = answer(target.send(message(1, "/a")));
            assertFalse(answer.accepted());
            assertTrue(answer.text().contains("nowhere"), answer.text());
        }
    }

    @Test
    void aBrokerThatIsAwayIsAFailureAndTheCallerDoesNotWait() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EventTarget target = open("127.0.0.1:" + closed.getLocalPort(), "files", ", timeout = 2s")) {
            CompletionStage<Answer> stage = target.send(message(1, "/a"));
            assertFalse(stage.toCompletableFuture().isDone());
            assertFalse(answer(stage).accepted());
        }
    }

    @Test
    void aFileOfPropertiesIsPrivateAndCannotWeakenThePromise(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("producer.properties");
        Files.writeString(file, "compression.type=gzip\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String more = ", properties-file = \"" + file + "\"";
        assertTrue(refusal(more).contains("chmod 600"), refusal(more));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        open(kafka.bootstrapServers(), "files", more).close();
        Files.writeString(file, "acks=1\n");
        assertTrue(refusal(more).contains("must not set acks"), refusal(more));
        assertTrue(refusal(", retries = 3").contains("unknown key retries"), refusal(", retries = 3"));
    }

    private static String refusal(String more) {
        return assertThrows(IOException.class, () -> open(kafka.bootstrapServers(), "files", more))
                .getMessage();
    }
}
