package flotilla.ops.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real clamd with one signature of its own, for EICAR's test file anywhere in a file. */
final class Clamd implements AutoCloseable {
    /** EICAR's test file, in two halves so that no scanner takes this class for it. */
    static final byte[] EICAR =
            ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").getBytes(US_ASCII);
    /** The name of the signature, as clamd tells it. */
    static final String NAME = "Flotilla.Eicar.Test.UNOFFICIAL";

    static final int MIB = 1 << 20;
    /** The largest file that it takes. */
    static final int MOST = 130 * MIB;

    private final Path directory;
    private @Nullable Process process;

    private Clamd(Path directory) {
        this.directory = directory;
    }

    static Clamd start(Path directory) throws Exception {
        Files.createDirectories(directory.resolve("db"));
        Files.writeString(
                directory.resolve("db/test.ndb"),
                "Flotilla.Eicar.Test:0:*:" + HexFormat.of().formatHex(EICAR) + "\n");
        Files.writeString(directory.resolve("clamd.conf"), """
                Foreground yes
                User %s
                DatabaseDirectory %s
                LocalSocket %s
                FixStaleSocket yes
                TemporaryDirectory %s
                StreamMaxLength 130M
                MaxFileSize 1000M
                MaxScanSize 1000M
                AlertExceedsMax yes
                """.formatted(
                        System.getProperty("user.name"), directory.resolve("db"), socket(directory), directory));
        Clamd clamd = new Clamd(directory);
        clamd.start();
        return clamd;
    }

    Path socket() {
        return socket(directory);
    }

    static Path socket(Path directory) {
        return directory.resolve("clamd.ctl");
    }

    /** Starts it again. */
    void start() throws Exception {
        String program = Files.isExecutable(Path.of("/usr/sbin/clamd")) ? "/usr/sbin/clamd" : "clamd";
        process = new ProcessBuilder(
                        program, "-c", directory.resolve("clamd.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("clamd.log").toFile())
                .start();
        Await.until("clamd to listen", this::isListening);
    }

    private boolean isListening() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket(directory)));
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends a signal: STOP makes it hang, CONT lets it go on. */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(running().pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    private Process running() {
        Process now = process;
        if (now == null) {
            throw new IllegalStateException("clamd does not run");
        }
        return now;
    }

    /** Returns what {@code check --deep} says of a server's settings. */
    static String doctor(ServerProcess server) {
        List<String> arguments = new ArrayList<>(List.of("check", "--deep"));
        server.settings().forEach(setting -> arguments.addAll(List.of("--set", setting)));
        Command.Result result = Command.run(arguments.toArray(String[]::new));
        return result.out() + result.err();
    }

    /** Ends it at once. */
    void stop() {
        running().destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        running().destroyForcibly().onExit().join();
    }
}
