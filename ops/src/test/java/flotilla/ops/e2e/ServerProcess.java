package flotilla.ops.e2e;

import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.account.UserStore;
import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The real server in a JVM of its own, with a data directory of its own. */
public final class ServerProcess implements AutoCloseable {
    public static final String PASSWORD = "correct-horse";

    private static final int PASSIVE_PORTS = 20;
    private static final String CLASS_PATH = "classpath:";
    private static final long READY_SECONDS = 90;
    private static final long STOP_SECONDS = 20;
    private static final Argon2Parameters CHEAP = new Argon2Parameters(64, 1, 1);
    private static final String PASSWORD_HASH = PasswordHash.encode(PASSWORD, CHEAP);
    private static final List<String> JVM_FLAGS = List.of(
            "--add-modules",
            "java.se",
            "--add-exports",
            "java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "--add-opens",
            "java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens",
            "java.management/sun.management=ALL-UNNAMED",
            "--add-opens",
            "jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=256m");

    private final AtomicInteger accounts = new AtomicInteger();
    private final Path directory;
    private final List<String> settings;
    private final Process process;
    private final int explicitPort;
    private final int implicitPort;
    private final int firstPassivePort;

    private ServerProcess(Path directory, Map<String, String> settings, List<String> jvmFlags) throws Exception {
        this.directory = directory;
        this.explicitPort = Integer.parseInt(settings.get("flotilla.listeners.explicit.port"));
        this.implicitPort = Integer.parseInt(settings.get("flotilla.listeners.implicit.port"));
        this.firstPassivePort =
                Integer.parseInt(settings.get("flotilla.passive.ports").split("-")[0]);
        this.settings = settings.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
        addUser(PASSWORD_HASH, "demo", user -> user);
        this.process = builder(this.settings, jvmFlags)
                .redirectError(standardError().toFile())
                .start();
        awaitReady();
    }

    /** Creates the class path and the archive, once for a build. It takes a while. */
    static void prepare() {
        ServerClasses.flags(JVM_FLAGS);
    }

    /**
     * Returns the command that starts a server in a JVM of its own.
     *
     * @param settings KEY=VALUE
     */
    public static ProcessBuilder builder(List<String> settings, List<String> jvmFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        List<String> classes = new ArrayList<>(ServerClasses.flags(JVM_FLAGS));
        for (String flag : jvmFlags) {
            if (flag.startsWith(CLASS_PATH)) {
                classes.set(1, classes.get(1) + ":" + flag.substring(CLASS_PATH.length()));
            } else {
                command.add(flag);
            }
        }
        command.addAll(classes);
        command.addAll(List.of("flotilla.ops.Main", "serve"));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("FLOTILLA_"));
        builder.environment().put("FLOTILLA_CONFIG", "/dev/null");
        return builder;
    }

    /**
     * Starts a server.
     *
     * @param extra settings KEY=VALUE that override those for tests; "jvm:FLAG" is a flag of its JVM, "classpath:JAR"
     *     an extension
     */
    public static ServerProcess start(String... extra) {
        try {
            Path directory = Files.createTempDirectory("flotilla-e2e");
            Map<String, String> settings = new LinkedHashMap<>();
            int passive = Ports.free(PASSIVE_PORTS);
            settings.put("flotilla.data-dir", directory.resolve("data").toString());
            settings.put("flotilla.listeners.explicit.port", String.valueOf(Ports.free(1)));
            settings.put("flotilla.listeners.implicit.port", String.valueOf(Ports.free(1)));
            settings.put("flotilla.passive.ports", passive + "-" + (passive + PASSIVE_PORTS - 1));
            settings.put("flotilla.admin.port", "0");
            settings.put("flotilla.login.failure-delay", "200ms");
            settings.put("flotilla.drain.transfers", "2s");
            settings.put("flotilla.login.ban-threshold", "0");
            settings.put("flotilla.log.native", directory.resolve("native.log").toString());
            settings.put("flotilla.log.json", directory.resolve("events.json").toString());
            List<String> jvmFlags = new ArrayList<>();
            for (String setting : extra) {
                if (setting.equals("two-passive-ports")) {
                    settings.put("flotilla.passive.ports", passive + "-" + (passive + 1));
                } else if (setting.equals("active-source-port")) {
                    settings.put("flotilla.active.source-port", String.valueOf(Ports.free(1)));
                } else if (setting.startsWith(CLASS_PATH)) {
                    jvmFlags.add(setting);
                } else if (setting.startsWith("jvm:")) {
                    jvmFlags.add(setting.substring(4));
                } else {
                    int equals = setting.indexOf('=');
                    settings.put(setting.substring(0, equals), setting.substring(equals + 1));
                }
            }
            return new ServerProcess(directory, settings, jvmFlags);
        } catch (Exception e) {
            throw new IllegalStateException("the server did not start: " + e.getMessage(), e);
        }
    }

    private void awaitReady() throws Exception {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> readOutput(ready), "server-output");
        reader.setDaemon(true);
        reader.start();
        try {
            ready.get(READY_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            throw new IllegalStateException("not ready: " + errors(), e);
        }
    }

    private void readOutput(CompletableFuture<Void> ready) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals("flotilla: ready")) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IllegalStateException("the process ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Adds an account with a home of its own and {@link #PASSWORD}. */
    public Account newAccount() {
        return newAccount(user -> user);
    }

    /** Adds an account that differs from a plain one. */
    public Account newAccount(UnaryOperator<User> change) {
        return newAccount(PASSWORD, PASSWORD_HASH, change);
    }

    /** Adds an account with a password of its own. */
    public Account newAccount(String password) {
        return newAccount(password, PasswordHash.encode(password, CHEAP), user -> user);
    }

    /** Adds an account whose password has a hash as expensive as in a real server. */
    public Account newRealAccount() {
        return newAccount(PASSWORD, PasswordHash.encode(PASSWORD, Argon2Parameters.DEFAULT), user -> user);
    }

    private Account newAccount(String password, String hash, UnaryOperator<User> change) {
        String name = "user" + accounts.incrementAndGet();
        Path home = storage().resolve(name);
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        addUser(hash, name, change);
        return new Account(name, password, home);
    }

    private void addUser(String hash, String name, UnaryOperator<User> change) {
        try {
            Configuration configuration = Configuration.load(Optional.empty(), Map.of(), settings);
            try (UserStore store = UserStores.open(
                    configuration.dataDir(),
                    configuration.cluster().database(),
                    configuration.log().audit())) {
                store.add(change.apply(User.create(name, hash, name)));
            }
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a command of {@code flotilla} for this server. It must succeed. */
    public void flotilla(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--set", "flotilla.data-dir=" + dataDirectory()));
        int exit = FlotillaCommand.run(all.toArray(String[]::new));
        if (exit != 0) {
            throw new AssertionError(all + " ended with " + exit);
        }
    }

    /** Returns the server's status: connections, transfers, leases, locks, sessions. */
    public Map<String, Integer> status() {
        return status(AdminClient.forCommands(dataDirectory()).orElseThrow());
    }

    /** Returns the status over a connection that is open already. */
    public static Map<String, Integer> status(AdminClient server) {
        Map<String, Integer> status = new LinkedHashMap<>();
        try {
            server.get("status")
                    .properties()
                    .forEach(
                            count -> status.put(count.getKey(), count.getValue().intValue()));
        } catch (AdminClient.Refused | IOException e) {
            throw new IllegalStateException(e);
        }
        return status;
    }

    public int explicitPort() {
        return explicitPort;
    }

    public int implicitPort() {
        return implicitPort;
    }

    public int passivePorts() {
        return PASSIVE_PORTS;
    }

    /** Returns a setting of this server. */
    public String setting(String key) {
        return settings.stream()
                .filter(setting -> setting.startsWith(key + "="))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 1);
    }

    public int firstPassivePort() {
        return firstPassivePort;
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public Path storage() {
        return dataDirectory().resolve("homes");
    }

    /** Returns the certificate that the server generated. */
    public Path certificate() {
        return dataDirectory().resolve("tls").resolve("server.pem");
    }

    public List<String> settings() {
        return settings;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    private Path standardError() {
        return directory.resolve("stderr");
    }

    /** Returns the server's standard error. */
    public String errors() {
        return read(standardError());
    }

    /** Returns the native log. */
    public String nativeLog() {
        return read(nativeLogFile());
    }

    public Path nativeLogFile() {
        return directory.resolve("native.log");
    }

    /** Returns the JSON log. */
    public String jsonLog() {
        return read(directory.resolve("events.json"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM and does not wait. */
    public void terminate() {
        process.destroy();
    }

    /** Kills the server with {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /**
     * Kills the server with {@code kill -9}, and starts one with the same settings and the same data. This server's
     * directory then belongs to that one.
     *
     * @param without what the settings begin with that the other one does not get
     */
    public ServerProcess killAndStartAnew(String... without) throws Exception {
        process.destroyForcibly().waitFor();
        Map<String, String> same = new LinkedHashMap<>();
        settings.forEach(setting -> same.put(setting.split("=", 2)[0], setting.split("=", 2)[1]));
        same.keySet().removeIf(key -> Arrays.stream(without).anyMatch(key::startsWith));
        return new ServerProcess(directory, same, List.of());
    }

    /**
     * Stops the server as an operator does.
     *
     * @return its exit code
     */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            String threads = threads();
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                    "the server did not stop within " + STOP_SECONDS + " s: " + errors() + "\n" + threads);
        }
        return process.exitValue();
    }

    /** Returns what the threads of the server do. */
    private String threads() {
        String jstack =
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString();
        try {
            Process dump = new ProcessBuilder(jstack, String.valueOf(process.pid()))
                    .redirectErrorStream(true)
                    .start();
            return new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
