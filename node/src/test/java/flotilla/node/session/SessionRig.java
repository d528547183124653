package flotilla.node.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordVerifier;
import flotilla.node.auth.AuthenticatorSettings;
import flotilla.node.auth.Authenticators;
import flotilla.node.auth.LoginFlow;
import flotilla.node.auth.LoginSettings;
import flotilla.node.auth.LoginSettings.BanSettings;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Policy;
import flotilla.node.command.Policy.OptIn;
import flotilla.node.event.NodeEvent;
import flotilla.node.fixture.FakeAuthenticator;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.NoTls;
import flotilla.node.fixture.PlainServices;
import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.LiveSessions;
import flotilla.node.protocol.Request;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.Mount;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.slf4j.LoggerFactory;

/**
 * A session between probes for its control and data connections, on a cluster in memory, with a clock that the test
 * moves.
 */
final class SessionRig implements AutoCloseable {
    static final String ID = "0-session";
    static final Duration DATA_TIMEOUT = Duration.ofSeconds(30);
    static final Duration LEASE_PATIENCE = Duration.ofSeconds(1);
    static final Duration UPLOAD_GRACE = Duration.ofSeconds(5);
    static final Duration FAILURE_DELAY = Duration.ofSeconds(5);
    static final Duration LONGEST_FAILURE_DELAY = Duration.ofMillis(7500);

    static final AuthenticatorSettings AUTHENTICATORS = new AuthenticatorSettings(
            List.of(Authenticators.ACCOUNTS, "outside"), 1, 1, Duration.ofSeconds(20), Duration.ofMinutes(5));

    static final int REFUSALS = 2;
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofMillis(100);

    final MemoryCluster cluster;
    private static final UUID HERE = new UUID(0, 1);

    final MemoryBackends backends = new MemoryBackends();
    final NoTls tls = new NoTls();
    final LiveSessions live = new LiveSessions();
    final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    final ManualTime time;
    /** Names that the list of user names refuses. */
    final Set<String> refusedNames = ConcurrentHashMap.newKeySet();

    final TestProbe<ControlMessage> control;
    /** The second authenticator: it knows nobody at first. */
    final FakeAuthenticator outside = new FakeAuthenticator();

    private final ActorTestKit kit;
    private final PasswordVerifier passwords;
    private ActorRef<SessionMessage> session;
    private final SessionEnvironment environment;
    private UUID controlMember = HERE;
    /** True to let digests that are requested now never end. */
    volatile boolean digestsHang;

    final PlainServices services = new PlainServices(new Usage(0, 0), digest -> {
        if (!digestsHang) {
            digest.run();
        }
    });

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private long sequence;
    private int failures;

    SessionRig() {
        this(true);
    }

    /**
     * Makes a session.
     *
     * @param active true to allow PORT
     */
    SessionRig(boolean active) {
        this(active, false);
    }

    /**
     * Makes a session.
     *
     * @param active true to allow PORT
     * @param foreignPeers true to accept data connections of other addresses
     */
    SessionRig(boolean active, boolean foreignPeers) {
        log.start();
        ofSessions().addAppender(log);
        ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(
                SpawnProtocol.create(),
                "test",
                ManualTime.config()
                        .withFallback(ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }"))
                        .withFallback(ConfigFactory.load()));
        kit = ActorTestKit.create(system);
        time = ManualTime.get(system);
        cluster = new MemoryCluster(system);
        passwords = new PasswordVerifier(
                new PasswordVerifier.Settings(1, 4, 4, Duration.ofMinutes(1), new Argon2Parameters(64, 1, 1)));
        control = kit.createTestProbe(ControlMessage.class);
        LoginSettings logins = new LoginSettings(
                0,
                3,
                FAILURE_DELAY,
                new BanSettings(100, Duration.ofMinutes(1), Duration.ofMinutes(1), List.of()),
                AUTHENTICATORS);
        Policy policy = new Policy(
                        true,
                        false,
                        false,
                        false,
                        active,
                        false,
                        true,
                        Set.of("ftp.example.org"),
                        1 << 20,
                        10,
                        false,
                        Set.of())
                .allowing(OptIn.CCC, OptIn.REIN, OptIn.MODE_Z);
        environment = new SessionEnvironment(
                () -> new SessionSettings(
                        "Ready.",
                        policy,
                        policy,
                        DATA_TIMEOUT,
                        LEASE_PATIENCE,
                        REFUSALS,
                        foreignPeers,
                        UPLOAD_GRACE,
                        SessionReuse.PREFER,
                        Optional.empty(),
                        List.of(),
                        false),
                cluster,
                new LoginFlow(
                        cluster,
                        new Authenticators(
                                AUTHENTICATORS,
                                cluster.users(),
                                passwords,
                                Map.of("outside", outside),
                                logins::anonymous),
                        backends,
                        Runnable::run,
                        () -> logins,
                        name -> !refusedNames.contains(name)),
                backends,
                CommandTable.standard(),
                services,
                tls,
                events::add,
                live,
                new RareFailures(),
                new AnnouncedAddress(Optional.empty(), name -> new InetAddress[0]));
        session = kit.spawn(Session.create(environment, ID));
    }

    /** Puts the control connection on another node. */
    SessionRig apart() {
        controlMember = new UUID(0, 2);
        return this;
    }

    /** Starts the next incarnation of the session. */
    void respawn() {
        session = kit.spawn(Session.create(environment, ID));
    }

    TestProbe<DataMessage> dataProbe() {
        return kit.createTestProbe(DataMessage.class);
    }

    TestProbe<ControlMessage> probe() {
        return kit.createTestProbe(ControlMessage.class);
    }

    /** Moves the shard away. */
    void handOff() {
        session.tell(Session.HandOff.INSTANCE);
    }

    ActorRef<SessionMessage> session() {
        return session;
    }

    static Link link() {
        return link(HERE);
    }

    private static Link link(UUID controlMember) {
        try {
            return new Link(
                    ID,
                    InetAddress.getByName("192.0.2.7"),
                    50_000,
                    InetAddress.getByName("198.51.100.1"),
                    21,
                    false,
                    "node-1",
                    Instant.EPOCH,
                    controlMember);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Connects the client and takes the greeting. */
    SessionRig connected() {
        return connected(Optional.empty());
    }

    SessionRig connected(Optional<TlsFacts> facts) {
        session.tell(new SessionMessage.Connected(link(controlMember), facts, control.ref()));
        Answer greeting = answer();
        assertEquals("220 Ready.", text(greeting));
        assertEquals(0, greeting.sequence());
        return this;
    }

    /** Logs the usual user in, in TYPE I. */
    SessionRig loggedIn() {
        return loggedIn(Users.user().make());
    }

    SessionRig loggedIn(User user) {
        add(user);
        connected();
        expect("331 Please send the password.", "USER " + user.name());
        expect("230 Logged in.", "PASS " + Users.PASSWORD);
        expect("200 Type is binary.", "TYPE I");
        return this;
    }

    void add(User user) {
        cluster.users().put(user).toCompletableFuture().join();
    }

    /** Sends a command and returns its number. */
    long send(String line) {
        Request request = Request.parse(line.getBytes(UTF_8)).request().orElseThrow();
        session.tell(new SessionMessage.Command(
                ++sequence, request.verb(), request.argument(), control.ref(), Optional.empty()));
        return sequence;
    }

    /** Sends a command as a resend: the session has not got the first one. */
    long sendAgain(String line) {
        sendAgain(++sequence, line);
        return sequence;
    }

    /** Sends a command again, as when its reply was lost. */
    void sendAgain(long number, String line) {
        Request request = Request.parse(line.getBytes(UTF_8)).request().orElseThrow();
        session.tell(new SessionMessage.Command(
                number, request.verb(), request.argument(), control.ref(), Optional.empty()));
    }

    /** Returns the next reply, which comes after some pauses of the session's timers. */
    Answer answerAfter(Duration pause) {
        for (int i = 0; i < 100; i++) {
            time.timePasses(pause);
            try {
                return control.expectMessageClass(Answer.class, Duration.ofMillis(50));
            } catch (AssertionError none) {
                // The message that starts the session's timer may be on its way.
            }
        }
        throw new AssertionError("no reply");
    }

    /** Returns the next message to the control connection, which must be a reply. */
    Answer answer() {
        return control.expectMessageClass(Answer.class, PATIENCE);
    }

    static String text(Answer answer) {
        return new String(answer.wire(), UTF_8).stripTrailing();
    }

    /** Sends a command. The next reply must answer it with this text. */
    Answer expect(String reply, String line) {
        return expectReply(reply, send(line));
    }

    Answer expectReply(String reply, long number) {
        Answer answer = answer();
        assertEquals(reply, text(answer));
        assertEquals(number, answer.sequence());
        assertEquals(!reply.startsWith("1"), answer.last());
        return answer;
    }

    /** Waits until the last wrong password was refused, then lets its delay pass. */
    void failureDelayPasses() {
        failures++;
        control.awaitAssert(PATIENCE, () -> {
            long failed = events.stream()
                    .filter(NodeEvent.LoginFailed.class::isInstance)
                    .count();
            assertEquals(failures, failed);
            return null;
        });
        // The actor sets the timer in the same step, after the event; so a later message is handled after that.
        TestProbe<DataMessage> late = kit.createTestProbe(DataMessage.class);
        session.tell(new SessionMessage.DataArrived(late.ref(), 1));
        late.expectMessage(PATIENCE, DataMessage.Abort.INSTANCE);
        time.timePasses(LONGEST_FAILURE_DELAY);
    }

    void expectSilence() {
        control.expectNoMessage(SILENCE);
    }

    /** Waits until the session has handled all messages so far. */
    void settle() {
        expect("200 OK.", "NOOP");
    }

    int passive() {
        Answer answer = answer(send("EPSV"));
        String[] parts = text(answer).split("\\|");
        return Integer.parseInt(parts[3]);
    }

    Answer answer(long number) {
        Answer answer = answer();
        assertEquals(number, answer.sequence());
        return answer;
    }

    /** Lets a data connection come to a port, and takes its lease as a listener does. */
    TestProbe<DataMessage> arrive(int port) {
        if (port != 0) {
            take(port);
        }
        return announced(port);
    }

    /** Takes the lease of a port, as a listener does. */
    void take(int port) {
        cluster.passivePool().take(port, link().client());
    }

    /** Announces a data connection to the session. */
    TestProbe<DataMessage> announced(int port) {
        TestProbe<DataMessage> data = kit.createTestProbe(DataMessage.class);
        session.tell(new SessionMessage.DataArrived(data.ref(), port));
        return data;
    }

    /** The tree of the user's home. */
    StorageBackend home() {
        try {
            return backends.open(new Mount("home", List.of(), false));
        } catch (StorageException e) {
            throw new IllegalStateException(e);
        }
    }

    static TransferOrder order(TestProbe<DataMessage> data) {
        return data.expectMessageClass(DataMessage.Perform.class, PATIENCE).order();
    }

    void ended(TransferOrder order, Ending ending) {
        session.tell(new SessionMessage.TransferEnded(
                new TransferResult(order.transferId(), ending, 1000, 1, false, "", "node-1", "")));
    }

    void stop(TestProbe<DataMessage> data) {
        data.stop();
    }

    void controlClosed() {
        session.tell(
                new SessionMessage.ControlClosed("client closed", kit.system().ignoreRef()));
    }

    void expectStopped() {
        probe().expectTerminated(session, PATIENCE);
    }

    boolean happened(Class<? extends NodeEvent> event) {
        return events.stream().anyMatch(event::isInstance);
    }

    static void expectQuit(Answer answer) {
        assertEquals(After.CLOSE, answer.after());
    }

    /** Ends the client's connection; the session must then hold nothing. */
    @Override
    public void close() {
        try {
            controlClosed();
            expectStopped();
            awaitNothingHeld();
            assertEquals(List.of(), unexpected());
            assertTrue(
                    tls.forgotten.contains(ID) || !happened(NodeEvent.Connected.class),
                    "the TLS of the session was not forgotten");
        } finally {
            ofSessions().detachAppender(log);
            kit.shutdownTestKit();
            passwords.close();
        }
    }

    private static Logger ofSessions() {
        Logger logger = (Logger) LoggerFactory.getLogger("flotilla.node.session");
        logger.setLevel(Level.WARN);
        return logger;
    }

    /** Lines about messages in a phase in which they cannot come. */
    private List<String> unexpected() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("which cannot come then"))
                .toList();
    }

    /** Waits until the last release has arrived: sessions release by messages. */
    void awaitNothingHeld() {
        Instant until = Instant.now().plus(PATIENCE);
        while (!cluster.held().isEmpty() && Instant.now().isBefore(until)) {
            Thread.onSpinWait();
        }
        assertEquals("", cluster.held());
    }
}
