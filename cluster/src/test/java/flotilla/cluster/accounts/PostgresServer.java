package flotilla.cluster.accounts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server for tests on loopback, run from the installed programs. It never runs as root. */
public final class PostgresServer implements AutoCloseable {
    private static final String SUPERUSER = "flotilla";
    private static final String ACCOUNT = "nobody";
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final long SECONDS = 60;

    private final Path programs;
    private final Path directory;
    private final int port;

    private PostgresServer(Path programs, Path directory, int port) {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
    }

    /** The directory of the server's programs; empty when it is not installed. */
    public static Optional<Path> programs() {
        List<Path> places = new ArrayList<>();
        for (String entry : System.getenv("PATH").split(":")) {
            places.add(Path.of(entry));
        }
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            versions.sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin"))
                    .forEach(places::add);
        } catch (IOException notDebian) {
            places.add(Path.of("/usr/local/pgsql/bin"));
        }
        return places.stream()
                .filter(place ->
                        Files.isExecutable(place.resolve("initdb")) && Files.isExecutable(place.resolve("pg_ctl")))
                .findFirst();
    }

    /** Makes a new data directory and starts a server on it. */
    public static PostgresServer start(Path programs) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("flotilla-postgres");
        if (isRoot()) {
            UserPrincipal account =
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT);
            Files.setOwner(directory, account);
        }
        PostgresServer server = new PostgresServer(programs, directory, freePort());
        server.run("initdb", "-D", server.data(), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync");
        server.up();
        return server;
    }

    /** Starts the server again after {@link #down}. */
    public void up() throws IOException, InterruptedException {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off";
        run("pg_ctl", "-D", data(), "-l", directory.resolve("log").toString(), "-w", "-o", options, "start");
    }

    /** Stops the server at once, which cuts every connection. */
    public void down() throws IOException, InterruptedException {
        run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    /** Sends a signal to all processes of the server: SIGSTOP freezes them, SIGCONT lets them go on. */
    public void signal(String signal) throws IOException, InterruptedException {
        long first = Long.parseLong(Files.readAllLines(directory.resolve("data").resolve("postmaster.pid"))
                .get(0));
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal, String.valueOf(first)));
        ProcessHandle.of(first).orElseThrow().descendants().forEach(child -> command.add(String.valueOf(child.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + SUPERUSER;
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                port = 0;
            }
        }
        throw new IOException("no free port");
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", ACCOUNT, "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("flotilla-postgres", ".out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        if (process.waitFor() != 0) {
            throw new IOException(program + ": " + text);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            down();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
