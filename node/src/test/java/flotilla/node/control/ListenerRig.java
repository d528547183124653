package flotilla.node.control;

import com.typesafe.config.ConfigFactory;
import flotilla.node.command.CommandTable;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.NoTls;
import flotilla.node.protocol.Proxy;
import flotilla.node.protocol.Proxy.Mode;
import flotilla.node.state.Link;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;

/**
 * A listener without sessions. Its connections are channels in memory; their event loops run when the test asks them
 * to.
 */
public final class ListenerRig implements AutoCloseable {
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(
            SpawnProtocol.create(),
            "socket",
            ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                    .withFallback(ConfigFactory.load()));
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final EventLoops loops = EventLoops.start();
    private final ControlListener listener;
    private final List<Client> clients = new ArrayList<>();

    /**
     * Starts a listener.
     *
     * @param ports ports to listen on, explicit and implicit, on the loopback address; 0 for none
     */
    public ListenerRig(int... ports) {
        listener = new ControlListener(
                () -> new ControlSettings(
                        new ControlSettings.Listeners(
                                List.of(InetAddress.getLoopbackAddress()),
                                ports.length > 0 ? ports[0] : 0,
                                ports.length > 1 ? ports[1] : 0,
                                16,
                                new Proxy(Mode.OFF, List.of(), LONG)),
                        new ControlSettings.Admission(0, 0, 0, 16, Duration.ZERO),
                        new ControlSettings.Times(LONG, LONG, LONG, WRITE_TIMEOUT, LONG, LONG),
                        new ControlSettings.Lines(128, 256, 8, 5)),
                new ControlListener.Collaborators(
                        loops,
                        new NoTls(),
                        new MemoryCluster(system),
                        (id, message) -> {},
                        CommandTable.standard(),
                        (link, order, told) -> {},
                        event -> {},
                        () -> "0-1"),
                scheduler);
    }

    public ControlListener listener() {
        return listener;
    }

    /** A control connection. */
    public final class Client {
        final EmbeddedChannel channel;
        final ControlSocket socket;

        private Client(ChannelHandler... outermost) {
            InetAddress address = InetAddress.getLoopbackAddress();
            Link link = new Link("0-1", address, 1, address, 2, false, "node", Instant.now(), new UUID(0, 1));
            channel = new EmbeddedChannel(outermost);
            socket = new ControlSocket(listener, link, channel);
            channel.pipeline().addLast(socket);
            listener.began(socket);
        }

        /** Begins or ends a transfer. */
        public void transferring(boolean on) {
            socket.transferring(on);
            channel.runPendingTasks();
        }

        /** Runs all waiting work, then returns true when the connection still exists. */
        public boolean isOpen() {
            channel.runPendingTasks();
            return channel.isOpen();
        }
    }

    /**
     * Makes a new connection.
     *
     * @param outermost handlers between it and its network
     */
    public Client connect(ChannelHandler... outermost) {
        Client client = new Client(outermost);
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(client -> client.channel.close());
        listener.close();
        scheduler.shutdownNow();
        ActorTestKit.shutdown(system);
        loops.close();
    }
}
