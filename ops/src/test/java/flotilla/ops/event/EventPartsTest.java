package flotilla.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import flotilla.cluster.Outbox;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NotRecordedException;
import flotilla.node.state.Link;
import flotilla.ops.event.EventTarget.Answer;
import flotilla.ops.event.EventTarget.Message;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventPartsTest {
    private static final EventSettings SETTINGS = new EventSettings(
            List.of(),
            List.of(),
            100,
            100,
            1_000,
            Duration.ofSeconds(20),
            new EventSettings.Attempts(3, 4, Duration.ofMillis(10), Duration.ofMillis(10)));

    @TempDir
    Path directory;

    private static Event upload(String user, String path, String source) {
        return new Event(
                "id-1",
                EventKind.UPLOAD,
                Instant.ofEpochMilli(1_700_000_000_123L),
                user,
                path,
                source,
                List.of("/srv/a"),
                Map.of("bytes", 7L, "session", "0-s"));
    }

    @Test
    @DisplayName("an event is a CloudEvent of version 1.0")
    void cloudEvent() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(upload("alice", "/in/ä\u0000.txt", "").json("node-1"));
        assertEquals(new ObjectMapper().readTree("""
                                {"specversion":"1.0","id":"id-1","source":"/flotilla/node-1","type":"flotilla.upload",
                                "time":"2023-11-14T22:13:20.123Z","subject":"/in/ä\\u0000.txt",
                                "datacontenttype":"application/json","data":{"node":"node-1","user":"alice",
                                "path":"/in/ä\\u0000.txt","bytes":7,"session":"0-s"}}"""), json);
    }

    @Test
    @DisplayName("the longest paths fit into the outbox, also when JSON writes each character with six")
    void longest() {
        String path = "/" + "\u0001".repeat(VirtualPath.MAX_PATH_BYTES - 1);
        assertTrue(upload("u".repeat(300), path, path).json("node-1").length() <= Outbox.MOST_PAYLOAD);
    }

    @Test
    @DisplayName("a name that may be a password is in no event")
    void secrets() {
        Link link = new Link(
                "0-s",
                InetAddress.getLoopbackAddress(),
                40_000,
                InetAddress.getLoopbackAddress(),
                21,
                false,
                "n",
                Instant.EPOCH,
                new UUID(0, 0));
        Event refused = Occurrences.of(
                        new NodeEvent.LoginFailed(link, "s3cret", NodeEvent.LoginFailure.UNKNOWN_USER, 530))
                .orElseThrow();
        assertEquals("s…", refused.user());
        assertFalse(refused.json("n").contains("s3cret"));
        Event known = Occurrences.of(
                        new NodeEvent.LoginFailed(link, "alice", NodeEvent.LoginFailure.WRONG_PASSWORD, 530))
                .orElseThrow();
        assertEquals("alice", known.user());
        Event ban = Occurrences.of(new NodeEvent.Banned("192.0.2.7", "10 wrong passwords, the last for s3cret"))
                .orElseThrow();
        assertEquals("10 wrong passwords", ban.data().get("reason"));
    }

    @Test
    @DisplayName("a star ends at a slash, two do not; long patterns cost little")
    void patterns() {
        assertTrue(new Pattern("/in/*.csv").matches("/in/a.csv"));
        assertFalse(new Pattern("/in/*.csv").matches("/in/x/a.csv"));
        assertTrue(new Pattern("/in/**").matches("/in/x/a.csv"));
        assertTrue(new Pattern("/in/**/a.?sv").matches("/in/x/y/a.csv"));
        assertFalse(new Pattern("/in/?").matches("/in/"));
        assertTrue(new Pattern("acme-*").matches("acme-"));
        assertFalse(new Pattern("*a".repeat(500)).matches("a".repeat(400) + "b"));
    }

    @Test
    @DisplayName("a rule chooses by kind, user and either path")
    void rules() {
        EventRule rule = new EventRule(Set.of(EventKind.UPLOAD), List.of("al*"), List.of("/in/*"), "t");
        assertTrue(rule.matches(upload("alice", "/in/a", "")));
        assertTrue(rule.matches(upload("alice", "/out/a", "/in/a")));
        assertFalse(rule.matches(upload("alice", "/out/a", "")));
        assertFalse(rule.matches(upload("bob", "/in/a", "")));
        EventRule all = new EventRule(EventRule.allKinds(), List.of(), List.of(), "t");
        assertTrue(all.matches(Event.of(EventKind.BAN, "", Map.of())));
    }

    @Test
    @DisplayName("the signature is that of the time and the body, for each secret")
    void signature() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "0123456789abcdef\n\nfedcba9876543210\n");
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assertTrue(Secrets.read(file)
                .signature(1_700_000_000, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .matches("t=1700000000,v1=[0-9a-f]{64},v1=[0-9a-f]{64}"));
        Files.writeString(file, "short\n");
        assertThrows(IOException.class, () -> Secrets.read(file));
    }

    @Test
    @DisplayName("a program gets the event on its input; its exit code decides")
    void command() throws Exception {
        try (EventTarget target = new CommandProvider()
                .open("p", ConfigFactory.parseString("command = [sh, -c, \"cat; exit $0\", \"3\"]"), 4)) {
            assertEquals(
                    Answer.no("sh ended with 3: {\"a\":1}"),
                    target.send(new Message("id", "type", "{\"a\":1}", 1))
                            .toCompletableFuture()
                            .get());
        }
        IOException refused = assertThrows(IOException.class, () -> new CommandProvider()
                .open("p", ConfigFactory.parseString("command = [a], shell = yes"), 4));
        assertEquals("it has no key shell", refused.getMessage());
    }

    @Test
    @DisplayName("events that come at once are in the outbox by few transactions")
    void groups() throws Exception {
        MemoryOutbox outbox = new MemoryOutbox();
        EventCounts counts = new EventCounts();
        try (EventWriter writer = new EventWriter(outbox, SETTINGS, counts, () -> {})) {
            List<CompletableFuture<Boolean>> stages = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                stages.add(writer.record(List.of(upload("u", "/a" + i, "").row("t" + i, "n"))));
            }
            writer.start();
            for (CompletableFuture<Boolean> stage : stages) {
                stage.get();
            }
        }
        assertEquals(200, outbox.counts().toCompletableFuture().join().waiting());
        assertEquals(1, outbox.transactions());
        assertEquals(200, counts.recorded());
    }

    @Test
    @DisplayName("while the database is away a change is refused, and what nobody waits for is written later")
    void away() throws Exception {
        MemoryOutbox outbox = new MemoryOutbox();
        EventCounts counts = new EventCounts();
        try (EventWriter writer = new EventWriter(outbox, SETTINGS, counts, () -> {})) {
            outbox.away(true);
            writer.start();
            writer.offer(List.of(Event.of(EventKind.LOGIN, "u", Map.of()).row("t", "n")));
            ExecutionException refused = assertThrows(ExecutionException.class, () -> writer.record(
                            List.of(upload("u", "/a", "").row("t", "n")))
                    .get());
            assertEquals(NotRecordedException.class, refused.getCause().getClass());
            outbox.away(false);
            writer.record(List.of(upload("u", "/b", "").row("u", "n"))).get();
        }
        assertEquals(
                Set.of("flotilla.login", "flotilla.upload"),
                outbox.list(false, 0, 10).toCompletableFuture().join().stream()
                        .map(entry -> entry.type())
                        .collect(java.util.stream.Collectors.toSet()));
        assertEquals(1, counts.refused());
        assertEquals(0, counts.dropped());
    }

    @Test
    @DisplayName("the lease moves when its holder stops to renew it, and at once when it is given back")
    void lease() {
        MemoryOutbox outbox = new MemoryOutbox();
        long second = Duration.ofSeconds(1).toNanos();
        EventLease one = new EventLease(outbox, "one", 0);
        EventLease two = new EventLease(outbox, "two", 0);
        assertTrue(one.look(0));
        long now = 0;
        for (; now < 20 * second; now += second) {
            assertTrue(one.look(now));
            assertFalse(two.look(now));
        }
        long last = now;
        while (!two.look(now)) {
            now += second / 4;
        }
        long took = (now - last) / second;
        assertTrue(took >= 4 && took <= 7, took + " s");
        assertFalse(one.look(now)); // as after a long pause of its process
        assertFalse(one.look(now + second));
        assertTrue(two.look(now + second));
        two.release();
        assertTrue(one.look(now + 3 * second));
    }
}
