package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events, from a client's command to a receiver. */
@Timeout(180)
class EventsTest {
    private static final int CLIENTS = 4;
    private static final int UPLOADS = 25;

    @TempDir
    Path directory;

    private static String[] settings(EventReceiver receiver, String events, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.events.targets.hook.type=webhook",
                "flotilla.events.targets.hook.url=" + receiver.url(),
                "flotilla.events.targets.hook.timeout=1s",
                "flotilla.events.rules=[{events=[" + events + "],target=hook}]",
                "flotilla.events.first-pause=50ms",
                "flotilla.events.longest-pause=200ms",
                "flotilla.events.attempts=1000"));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    private static FtpDriver login(ServerProcess server, Account account) throws IOException {
        return FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
    }

    private static List<String> told(EventReceiver receiver) {
        return receiver.taken().stream()
                .map(event -> event.path("type").asText().replace("flotilla.", "") + " "
                        + event.path("data").path("path").asText())
                .toList();
    }

    private static void upload(ServerProcess server, Account account, String name) throws IOException {
        try (FtpDriver ftp = login(server, account)) {
            for (int i = 0; i < UPLOADS; i++) {
                ftp.store("STOR " + name + "-" + i, new byte[10 + i]).expect(226);
            }
        }
    }

    @Test
    @DisplayName("each completed upload comes to a receiver that fails and hangs, and by one id only")
    void eachUploadOnce() throws Exception {
        try (EventReceiver receiver = new EventReceiver(true);
                ServerProcess server = ServerProcess.start(settings(receiver, "upload"))) {
            Account account = server.newAccount();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            List<Future<?>> running = new ArrayList<>();
            Set<String> wanted = new TreeSet<>();
            for (int c = 0; c < CLIENTS; c++) {
                String name = "f" + c;
                for (int i = 0; i < UPLOADS; i++) {
                    wanted.add("upload /" + name + "-" + i);
                }
                running.add(clients.submit(() -> {
                    upload(server, account, name);
                    return name;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
            clients.shutdown();
            Await.until("all uploads are told", () -> told(receiver).size() >= wanted.size());
            assertEquals(wanted, new TreeSet<>(told(receiver)));
            assertEquals(wanted.size(), receiver.taken().size());
            assertTrue(receiver.repeated() > 0, "the receiver has failed");
            JsonNode data = receiver.taken().stream()
                    .filter(event -> event.path("subject").asText().equals("/f0-3"))
                    .findFirst()
                    .orElseThrow()
                    .path("data");
            assertEquals(
                    account.name() + " 127.0.0.1 13",
                    data.path("user").asText() + " " + data.path("client").asText() + " "
                            + data.path("bytes").asText());
        }
    }

    @Test
    @DisplayName("what happens to a file comes in its order, and with a signature")
    void order() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "0123456789abcdef\n");
        try (EventReceiver receiver = new EventReceiver(true);
                ServerProcess server = ServerProcess.start(settings(
                        receiver,
                        "\"*\"",
                        "flotilla.events.targets.hook.secret-file=" + secret,
                        "flotilla.events.rules=[{events=[\"*\"],paths=[\"/**\"],target=hook},"
                                + "{events=[login,logout,login-refused],target=hook}]"))) {
            Account account = server.newAccount();
            try (FtpDriver ftp = login(server, account)) {
                ftp.command("MKD d").expect(257);
                ftp.store("STOR a", new byte[1]).expect(226);
                ftp.store("STOR a", new byte[2]).expect(226);
                assertEquals(2, ftp.fetch("RETR a").length);
                ftp.command("RNFR a").expect(350);
                ftp.command("RNTO d/b").expect(250);
                ftp.store("STOR a", new byte[3]).expect(226);
                ftp.command("SITE CPFR a").expect(350);
                ftp.command("SITE CPTO c").expect(250);
                ftp.command("DELE d/b").expect(250);
                ftp.command("RMD d").expect(250);
                ftp.command("DELE nothing").expect(550);
            }
            Set<String> all = Set.of(
                    "mkdir /d",
                    "download /a",
                    "rename /d/b",
                    "copy /c",
                    "delete /d/b",
                    "rmdir /d",
                    "login ",
                    "logout ",
                    "upload /a");
            Await.until("all is told", () -> receiver.taken().size() == 11);
            assertEquals(all, Set.copyOf(told(receiver)));
            List<String> ofFile = receiver.taken().stream()
                    .filter(event -> Set.of("flotilla.upload", "flotilla.rename", "flotilla.delete")
                            .contains(event.path("type").asText()))
                    .map(event -> event.path("type").asText().replace("flotilla.", "")
                            + event.path("data").path("bytes").asText())
                    .collect(Collectors.toList());
            assertTrue(ofFile.remove("delete")); // of the other name, so it may come before upload3
            assertEquals(List.of("upload1", "upload2", "rename", "upload3"), ofFile);
            assertTrue(receiver.signature().matches("t=[0-9]{10},v1=[0-9a-f]{64}"), receiver.signature());
        }
    }

    @Test
    @DisplayName("an upload gets 451 and no 226 when its event cannot be kept; dead events are shown and sent again")
    void full() throws Exception {
        try (EventReceiver receiver = new EventReceiver(false);
                ServerProcess server = ServerProcess.start(settings(
                        receiver, "upload,delete", "flotilla.events.backlog=100", "flotilla.events.attempts=2"))) {
            receiver.refuses(true);
            Account account = server.newAccount();
            try (FtpDriver ftp = login(server, account)) {
                ftp.store("STOR first", new byte[1]).expect(226);
                Await.until(
                        "the event is dead",
                        () -> Command.run(server, "event", "dead").out().contains("answered 500"));
                receiver.refuses(false);
                server.flotilla("event", "resend", "--all");
                Await.until("it is told", () -> told(receiver).equals(List.of("upload /first")));
                assertTrue(Command.run(server, "event", "test", "hook").out().endsWith("answered 204\n"));
                receiver.refuses(true);
                assertEquals(1, Command.run(server, "event", "test", "hook").exit());
                assertEquals(6, Command.run(server, "event", "test", "other").exit());
            }
        }
        try (EventReceiver receiver = new EventReceiver(false);
                ServerProcess server =
                        ServerProcess.start(settings(receiver, "upload", "flotilla.events.backlog=100"))) {
            receiver.refuses(true);
            Account account = server.newAccount();
            try (FtpDriver ftp = login(server, account)) {
                int kept = 0;
                FtpReply reply = ftp.store("STOR f0", new byte[1]);
                while (reply.code() == 226) {
                    kept++;
                    reply = ftp.store("STOR f" + kept, new byte[1]);
                }
                assertEquals(
                        "451 The file is stored, but its event was not recorded: please upload it again.",
                        reply.code() + " " + reply.text());
                assertEquals(100, kept);
                receiver.refuses(false);
                Await.until("all are told", () -> receiver.taken().size() == 100);
                Await.until(
                        "there is room again",
                        () -> ftp.store("STOR again", new byte[1]).code() == 226);
            }
        }
    }

    @Test
    @DisplayName("events outlive kill -9 of their server")
    void killed() throws Exception {
        try (EventReceiver receiver = new EventReceiver(false)) {
            receiver.refuses(true);
            ServerProcess first = ServerProcess.start(settings(receiver, "upload"));
            Account account = first.newAccount();
            FtpDriver ftp = login(first, account);
            ftp.store("STOR a", new byte[1]).expect(226);
            try (ServerProcess second = first.killAndStartAnew()) {
                receiver.refuses(false);
                Await.until("it is told", () -> told(receiver).equals(List.of("upload /a")));
                assertTrue(second.isAlive());
            }
        }
    }

    @Test
    @DisplayName("the receiver of the documentation takes an upload, once and with its signature")
    void receiverOfTheDocumentation() throws Exception {
        Matcher shown = Pattern.compile("<!-- receiver -->\n(.*?)<!-- end -->", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "operate", "events.md")));
        assertTrue(shown.find());
        Path program = Files.writeString(
                directory.resolve("receiver.py"), shown.group(1).replaceAll("(?m)^    ", ""));
        Path secret = Files.writeString(directory.resolve("secret"), "0123456789abcdef\n");
        Path printed = directory.resolve("printed");
        int port = Ports.free(1);
        Process receiver = new ProcessBuilder("python3", program.toString(), String.valueOf(port), secret.toString())
                .redirectOutput(printed.toFile())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try (ServerProcess server = ServerProcess.start(
                "flotilla.events.targets.hook.type=webhook",
                "flotilla.events.targets.hook.url=http://127.0.0.1:" + port + "/",
                "flotilla.events.targets.hook.secret-file=" + secret,
                "flotilla.events.first-pause=50ms",
                "flotilla.events.rules=[{events=[upload],target=hook}]")) {
            try (FtpDriver ftp = login(server, server.newAccount())) {
                ftp.store("STOR report.csv", new byte[1]).expect(226);
            }
            Await.until(
                    "the receiver prints it", () -> Files.readString(printed).equals("flotilla.upload /report.csv\n"));
            Await.until(
                    "it is acknowledged",
                    () -> Command.run(server, "event", "list", "--json").out().contains("\"waiting\" : 0"));
            assertEquals(0, Command.run(server, "event", "test", "hook").exit());
        } finally {
            receiver.destroyForcibly().waitFor();
        }
    }
}
