package flotilla.ops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.account.UserStore;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.UserStores;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A node of a cluster in a JVM of its own. Tests wait for its start, its refusal or its end. */
final class NodeProcess implements AutoCloseable {
    private static final Pattern MEMBERS = Pattern.compile(" members: (.*)");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path directory;
    private final String name;

    private NodeProcess(Path directory, String name, List<String> settings, List<String> jvmFlags) throws IOException {
        this.directory = directory;
        this.name = name;
        this.process = ServerProcess.builder(settings, jvmFlags)
                .redirectOutput(output().toFile())
                .redirectError(log().toFile())
                .start();
    }

    /**
     * Starts a node and returns at once.
     *
     * @param directory of this start alone
     * @param settings KEY=VALUE
     */
    static NodeProcess start(Path directory, String name, List<String> settings) throws IOException {
        return start(directory, name, settings, List.of());
    }

    /** Starts a node with more flags for its JVM. */
    static NodeProcess start(Path directory, String name, List<String> settings, List<String> jvmFlags)
            throws IOException {
        Files.createDirectories(directory);
        List<String> all = new ArrayList<>(settings);
        all.add("flotilla.node.name=" + name);
        all.add("flotilla.data-dir=" + directory.resolve("data"));
        return new NodeProcess(directory, name, all, jvmFlags);
    }

    private Path output() {
        return directory.resolve("stdout");
    }

    private Path log() {
        return directory.resolve("stderr");
    }

    /** Returns the log of the node so far. */
    String logged() {
        return read(log());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the node listens. */
    void awaitReady() throws Exception {
        Await.until(name + " is ready: " + log(), PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(name + " ended with " + process.exitValue() + ": " + logged());
            }
            return isReady();
        });
    }

    boolean isReady() {
        return read(output()).contains("flotilla: ready");
    }

    /** Waits until the log has all of these parts. */
    void awaitLog(String... parts) throws Exception {
        Await.until(name + " logs " + Arrays.toString(parts) + " in " + log(), () -> Arrays.stream(parts)
                .allMatch(logged()::contains));
    }

    /** Waits until the node's two memberships agree on so many members. */
    void awaitMembers(int count) throws Exception {
        Await.until(name + " sees " + count + " members: " + log(), PATIENCE, () -> members() == count);
    }

    private int members() {
        return MEMBERS.matcher(logged())
                .results()
                .map(MatchResult::group)
                .reduce((before, last) -> last)
                .map(last -> last.split("127\\.").length - 1)
                .orElse(0);
    }

    /** Returns the node's reasons for not being ready. They are empty when it is ready, or does not answer yet. */
    Optional<String> reason() {
        return AdminClient.forCommands(directory.resolve("data"))
                .map(client -> asked(client, "ready").path("reasons"))
                .filter(reasons -> !reasons.isEmpty())
                .map(JsonNode::toString);
    }

    /** Returns the node's status. */
    String status() {
        return asked(AdminClient.forCommands(directory.resolve("data")).orElseThrow(), "status")
                .toString();
    }

    private static JsonNode asked(AdminClient client, String what) {
        try {
            return client.ask("GET", what);
        } catch (AdminClient.Refused e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds an account, through the node. */
    void addUser(String user, String password) {
        Path data = directory.resolve("data");
        try (UserStore store = UserStores.open(
                data, Database.embedded(directory), data.resolve("audit.json").toString())) {
            store.add(User.create(user, PasswordHash.encode(password, Argon2Parameters.DEFAULT), user));
        }
    }

    /**
     * Waits for the end.
     *
     * @return the exit code
     */
    int awaitExit(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " has not ended within " + seconds + " s: " + logged());
        }
        return process.exitValue();
    }

    /** Sends STOP, CONT, TERM or another signal. */
    void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
