package flotilla.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.ConfigFactory;
import flotilla.node.command.CommandTable;
import flotilla.node.event.NodeEvent;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.NoTls;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Proxy;
import flotilla.node.protocol.Proxy.Mode;
import flotilla.node.protocol.Reply;
import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Control connections over real sockets, with a probe in place of the session. */
@Timeout(30)
class ControlListenerTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofMillis(100);

    private final ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(
            SpawnProtocol.create(),
            "control",
            ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                    .withFallback(ConfigFactory.load()));
    private final ActorTestKit kit = ActorTestKit.create(system);
    private final MemoryCluster cluster = new MemoryCluster(system);
    private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
    private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ControlMessage.ConnectOut> connects = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger ids = new AtomicInteger();
    private final EventLoops loops = EventLoops.start();
    private ControlListener listener;
    private int port;
    private ActorRef<ControlMessage> control;

    @BeforeEach
    void listen() throws IOException {
        listen(LONG, 2);
    }

    private static final int UNAUTHENTICATED = 4;

    private void listen(Duration loginTimeout, int maxPerAddress) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ControlSettings settings = new ControlSettings(
                new ControlSettings.Listeners(
                        List.of(InetAddress.getLoopbackAddress()), port, 0, 16, new Proxy(Mode.OFF, List.of(), LONG)),
                new ControlSettings.Admission(10, 0, maxPerAddress, UNAUTHENTICATED, 16, Duration.ZERO),
                new ControlSettings.Times(loginTimeout, LONG, LONG, LONG, LONG, LONG),
                new ControlSettings.Lines(128, 256, 8, 5));
        ControlListener.Collaborators with = new ControlListener.Collaborators(
                loops,
                new NoTls(),
                cluster,
                (id, message) -> session.ref().tell(message),
                CommandTable.standard(),
                (link, order, told) -> connects.add(order),
                events::add,
                () -> "0-" + ids.incrementAndGet());
        listener = new ControlListener(() -> settings, with, scheduler);
        listener.open();
    }

    @AfterEach
    void everySlotIsFree() {
        listener.close();
        session.awaitAssert(PATIENCE, () -> {
            assertEquals("", cluster.held());
            return null;
        });
        scheduler.shutdownNow();
        kit.shutdownTestKit();
        loops.close();
    }

    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        Client send(String text) throws IOException {
            return send(text.getBytes(UTF_8));
        }

        Client send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        void expect(String line) throws IOException {
            assertEquals(line, in.readLine());
        }

        void expectEnd() throws IOException {
            assertEquals(null, in.readLine());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A client whose session has greeted it. */
    private Client connected() throws IOException {
        Client client = new Client();
        control = session.expectMessageClass(SessionMessage.Connected.class, PATIENCE)
                .control();
        answer(0, Reply.of(220, "Ready."), After.NOTHING);
        client.expect("220 Ready.");
        return client;
    }

    private SessionMessage.Command command(String verb) {
        SessionMessage.Command command = session.expectMessageClass(SessionMessage.Command.class, PATIENCE);
        assertEquals(verb, command.verb());
        return command;
    }

    private void answer(long sequence, Reply reply, After after) {
        answer(sequence, reply, after, "");
    }

    private void answer(long sequence, Reply reply, After after, String encoding) {
        control.tell(new ControlMessage.Answer(
                sequence, reply.code(), reply.encode(), !reply.isPreliminary(), after, session.ref(), encoding));
    }

    private void answer(SessionMessage.Command command, int code) {
        answer(command.sequence(), Reply.of(code, command.verb()), After.NOTHING);
    }

    @Test
    void commandsReachTheSessionOneAtATime() throws IOException {
        try (Client client = connected()) {
            client.send("noop\r\nCWD a b\nSYST\r\n");
            SessionMessage.Command noop = command("NOOP");
            session.expectNoMessage(SILENCE);
            answer(noop, 200);
            SessionMessage.Command cwd = command("CWD");
            assertEquals("a b", cwd.argument().orElseThrow());
            assertEquals(noop.sequence() + 1, cwd.sequence());
            answer(cwd, 250);
            answer(command("SYST"), 215);
            client.expect("200 NOOP");
            client.expect("250 CWD");
            client.expect("215 SYST");
        }
    }

    @Test
    void aReplyTellsTheEncodingOfTheNextCommandAlsoOfOneThatWaits() throws IOException {
        try (Client client = connected()) {
            client.send("PASS x\r\nCWD ".getBytes(UTF_8));
            client.send(new byte[] {(byte) 0xe4, '\r', '\n'});
            client.send(new byte[] {'D', 'E', 'L', 'E', ' ', (byte) 0xff, 'a', '\r', '\n'});
            answer(command("PASS").sequence(), Reply.of(230, "In."), After.LOGGED_IN, "ISO-8859-1");
            client.expect("230 In.");
            SessionMessage.Command cwd = command("CWD");
            assertEquals("ä", cwd.argument().orElseThrow());
            answer(cwd.sequence(), Reply.of(250, "There."), After.NOTHING, "windows-1251");
            client.expect("250 There.");
            client.expect("501 Byte 255 must be sent twice."); // the line that came before the encoding was known
            client.send(new byte[] {'C', 'W', 'D', ' ', 'x', (byte) 0xff, 'y', '\r', '\n'});
            client.expect("501 Byte 255 must be sent twice.");
            client.send(new byte[] {'C', 'W', 'D', ' ', 'x', (byte) 0xff, (byte) 0xfa, 'y', '\r', '\n'});
            client.expect("501 Byte 255 must be sent twice.");
            client.send(new byte[] {'C', 'W', 'D', ' ', 'x', (byte) 0xff, (byte) 0xff, '\r', '\n'});
            SessionMessage.Command again = command("CWD");
            assertEquals("xя", again.argument().orElseThrow());
            answer(again.sequence(), Reply.of(250, "There."), After.NOTHING, "");
            client.expect("250 There.");
            client.send(new byte[] {'C', 'W', 'D', ' ', (byte) 0xe4, '\r', '\n'});
            client.expect("501 Invalid UTF-8.");
        }
    }

    @Test
    void aSecondReplyToACommandIsDropped() throws IOException {
        try (Client client = connected()) {
            client.send("NOOP\r\n");
            SessionMessage.Command noop = command("NOOP");
            answer(noop, 200);
            answer(noop, 500);
            client.send("SYST\r\n");
            answer(command("SYST"), 215);
            client.expect("200 NOOP");
            client.expect("215 SYST");
        }
    }

    @Test
    void duringATransferAborAndStatOvertakeWhatWaits() throws IOException {
        try (Client client = connected()) {
            client.send("RETR f\r\n");
            SessionMessage.Command retr = command("RETR");
            answer(retr, 150);
            client.expect("150 RETR");
            client.send("NOOP\r\nSTAT /\r\nSTAT\r\nABOR\r\n");
            SessionMessage.Command stat = command("STAT");
            assertTrue(stat.argument().isEmpty());
            SessionMessage.Command abor = command("ABOR");
            answer(stat, 211);
            answer(retr, 426);
            session.expectNoMessage(SILENCE);
            answer(abor, 226);
            answer(command("NOOP"), 200);
            assertEquals("/", command("STAT").argument().orElseThrow());
            for (String line : List.of("211 STAT", "426 RETR", "226 ABOR", "200 NOOP")) {
                client.expect(line);
            }
        }
    }

    @Test
    void anAborWithAnUrgentByteIsReadWhole() throws IOException {
        assumeTrue(Epoll.isAvailable());
        try (Client client = connected()) {
            client.send("ABOR\r");
            client.socket.sendUrgentData('\n');
            answer(command("ABOR"), 226);
            client.expect("226 ABOR");
        }
    }

    @Test
    void nothingIsAnsweredBeforeTheGreeting() throws IOException {
        try (Client client = new Client()) {
            control = session.expectMessageClass(SessionMessage.Connected.class, PATIENCE)
                    .control();
            client.send("A\0B\r\nNOOP\r\n");
            client.socket.setSoTimeout(300);
            assertThrows(SocketTimeoutException.class, client.in::readLine);
            client.socket.setSoTimeout(10_000);
            answer(0, Reply.of(220, "Ready."), After.NOTHING);
            client.expect("220 Ready.");
            client.expect("501 Control character in command.");
            SessionMessage next = session.receiveMessage(PATIENCE);
            while (next instanceof SessionMessage.Connected) { // it repeats until it is greeted
                next = session.receiveMessage(PATIENCE);
            }
            assertEquals(
                    "NOOP", assertInstanceOf(SessionMessage.Command.class, next).verb());
        }
    }

    @Test
    void linesThatAreNoCommandsAreAnsweredHere() throws IOException {
        try (Client client = connected()) {
            client.send("USER " + "x".repeat(500) + "\r\n\r\nUSER a\tb\r\n");
            client.expect("500 Command line too long.");
            client.expect("500 Syntax error.");
            client.expect("501 Control character in command.");
            client.socket.getOutputStream().write(new byte[] {'C', 'W', 'D', ' ', (byte) 0xff, (byte) 0xff, '\n'});
            client.expect("501 Invalid UTF-8.");
            session.expectNoMessage(SILENCE);
        }
    }

    @Test
    void theThirdOverlongLineIsTheLast() throws IOException {
        try (Client client = connected()) {
            client.send(("x".repeat(500) + "\r\n").repeat(3));
            client.expect("500 Command line too long.");
            client.expect("500 Command line too long.");
            client.expect("421 Too many overlong lines.");
            client.expectEnd();
        }
    }

    @Test
    void afterLoginLinesMayBeLonger() throws IOException {
        try (Client client = connected()) {
            client.send("PASS x\r\n");
            answer(command("PASS").sequence(), Reply.of(230, "In."), After.LOGGED_IN);
            client.expect("230 In.");
            client.send("CWD " + "x".repeat(200) + "\r\n");
            command("CWD");
        }
    }

    @Test
    void anotherProtocolIsSentAway() throws IOException {
        try (Client client = connected()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            client.expect("500 This is an FTP server.");
            client.expectEnd();
        }
    }

    @Test
    void manyUnknownCommandsBeforeLoginEndTheConnection() throws IOException {
        try (Client client = connected()) {
            for (int i = 1; i < 5; i++) {
                client.send("XYZZY\r\n");
                answer(command("XYZZY"), 500);
                client.expect("500 XYZZY");
            }
            client.send("XYZZY\r\n");
            answer(command("XYZZY"), 500);
            client.expect("421 Too many unknown commands.");
            client.expectEnd();
        }
    }

    @Test
    void nothingMayFollowAuth() throws IOException {
        for (String more : List.of("USER mallory\r\n", "US")) {
            try (Client client = connected()) {
                client.send("AUTH TLS\r\n" + more);
                answer(command("AUTH").sequence(), Reply.of(234, "Go."), After.START_TLS);
                client.expect("503 Nothing may follow AUTH before TLS.");
                client.expectEnd();
                session.expectMessageClass(SessionMessage.ControlClosed.class, PATIENCE);
            }
        }
    }

    @Test
    void theLastReplyIsWrittenBeforeTheEnd() throws IOException {
        try (Client client = connected()) {
            client.send("QUIT\r\n");
            answer(command("QUIT").sequence(), Reply.of(221, "Goodbye."), After.CLOSE);
            client.expect("221 Goodbye.");
            client.expectEnd();
            assertEquals(
                    "client quit",
                    session.expectMessageClass(SessionMessage.ControlClosed.class, PATIENCE)
                            .reason());
        }
    }

    @Test
    void theSessionIsToldThatItsClientWent() throws IOException {
        connected().close();
        session.expectMessageClass(SessionMessage.ControlClosed.class, PATIENCE);
    }

    @Test
    void anAddressHasSoManyConnections() throws IOException {
        try (Client first = connected();
                Client second = connected()) {
            try (Client third = new Client()) {
                third.expect("421 Too many sessions from your address, please try again later.");
                third.expectEnd();
            }
            assertEquals(2, listener.connections());
            assertTrue(first.socket.isConnected() && second.socket.isConnected());
        }
        assertTrue(events.stream().anyMatch(NodeEvent.Refused.class::isInstance));
    }

    @Test
    void soManyOfAnAddressMayBeThereWithoutALogin() throws IOException {
        listener.close();
        listen(LONG, 0);
        List<Client> strangers = new ArrayList<>();
        for (int i = 0; i < UNAUTHENTICATED; i++) {
            strangers.add(connected());
        }
        try (Client next = new Client()) {
            next.expect("421 Too many connections from your address that have not logged in.");
            next.expectEnd();
        }
        strangers.remove(0).close();
        session.expectMessageClass(SessionMessage.ControlClosed.class, PATIENCE);
        while (listener.connections() == UNAUTHENTICATED) {
            Thread.onSpinWait();
        }
        strangers.add(connected());
        for (Client client : strangers) {
            client.close();
        }
    }

    @Test
    void aBannedAddressIsRefused() throws IOException {
        InetAddress address = InetAddress.getLoopbackAddress();
        cluster.bans().ban(address, LONG, "test");
        try (Client client = new Client()) {
            client.expect("421 Your address is banned for a while.");
            client.expectEnd();
        }
        session.expectNoMessage(SILENCE);
    }

    @Test
    void aClientThatDoesNotLogInIsSentAway() throws IOException {
        listener.close();
        listen(Duration.ofMillis(10), 2);
        try (Client client = connected()) {
            client.expect("421 Login timeout.");
            client.expectEnd();
        }
    }

    @Test
    void anOrderToConnectOutIsPassedOn() throws Exception {
        try (Client client = connected()) {
            ControlMessage.ConnectOut order = new ControlMessage.ConnectOut(InetAddress.getLoopbackAddress(), 50_000);
            control.tell(order);
            assertEquals(order, connects.poll(10, TimeUnit.SECONDS));
            assertTrue(client.socket.isConnected());
        }
    }

    @Test
    void whenTheServiceClosesClientsAreTold() throws IOException {
        try (Client client = connected()) {
            listener.close();
            client.expect("421 Service is closing, please reconnect later.");
            client.expectEnd();
            session.awaitAssert(PATIENCE, () -> {
                assertEquals(0, listener.connections());
                return null;
            });
        }
        listen();
    }

    @Test
    void aFloodOfCommandsWaitsInTheSocketOfItsClient() throws IOException {
        try (Client client = connected()) {
            client.send("NOOP\r\n".repeat(2000));
            for (int i = 0; i < 2000; i++) {
                answer(command("NOOP"), 200);
                client.expect("200 NOOP");
            }
            session.expectNoMessage(SILENCE);
        }
    }

    @Test
    void aSlotWhoseGrantWasNotAnsweredInTimeIsGivenBack() throws IOException {
        cluster.limitsDelay.loseAnswers();
        try (Client client = new Client()) {
            client.expect("421 Service is not available, please try again later.");
            client.expectEnd();
        }
    }
}
