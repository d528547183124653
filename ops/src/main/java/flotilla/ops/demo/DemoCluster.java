package flotilla.ops.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running demonstration: nodes, balancer and database. All of them end with it. */
public final class DemoCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration ENDING = Duration.ofSeconds(8);
    private static final long PAUSE_MILLIS = 200;
    private static final int KILLED = 137;
    private static final int TERMINATED = 143;
    private static final int EXPELLED = 4;

    private final DemoPlan plan;
    private final DemoFiles files;
    private final NodeCommand command;
    private final PrintWriter out;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Map<Integer, Child> nodes = new ConcurrentHashMap<>();
    private @Nullable Accounts accounts;
    private volatile @Nullable Child balancer;
    private volatile @Nullable Child objects;
    private volatile boolean closed;

    /**
     * Creates the demonstration and starts nothing.
     *
     * @param out receives the progress, for people
     */
    public DemoCluster(DemoPlan plan, NodeCommand command, PrintWriter out) {
        this.plan = plan;
        this.files = new DemoFiles(plan);
        this.command = command;
        this.out = out;
    }

    /**
     * Starts everything and returns when all nodes are ready.
     *
     * @param password of the user
     * @throws IOException when a port is taken or a node does not start; the message names it and the reason
     */
    public void start(String password) throws Exception {
        plan.check();
        files.makeSecrets();
        Accounts shared = Accounts.open(plan.directory().resolve("accounts"), password);
        accounts = shared;
        startObjects();
        Optional<Path> haproxy = haproxy();
        files.writeConfigurations(shared.jdbcUrl(), haproxy.isPresent());
        say("Starting " + plan.nodes().size() + " nodes with their files in " + plan.directory()
                + " (half a minute or so) ...");
        for (int i = 0; i < plan.nodes().size(); i++) {
            startNode(i);
        }
        for (int i = 0; i < plan.nodes().size(); i++) {
            awaitReady(i);
        }
        if (haproxy.isPresent()) {
            startBalancer(haproxy.get());
        }
        say(new DemoGuide(plan, files, command.shown()).text(password, nodes, haproxy.isPresent()));
    }

    /** Starts the nodes that have ended. It has no effect when all run. */
    public void startEnded() throws InterruptedException {
        List<Integer> ended = nodes.entrySet().stream()
                .filter(node -> !node.getValue().isAlive())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (ended.isEmpty()) {
            say("All nodes run.");
        }
        for (int index : ended) {
            startAgain(index);
        }
    }

    private void startAgain(int index) throws InterruptedException {
        long begin = System.nanoTime();
        try {
            startNode(index);
            say(plan.name(index) + " starts ...");
            awaitReady(index);
            say(plan.name(index) + " is back after " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)
                    + " s, pid " + pid(index) + ".");
        } catch (IOException e) {
            say(String.valueOf(e.getMessage()));
        }
    }

    private long pid(int index) {
        Child node = nodes.get(index);
        return node == null ? 0 : node.pid();
    }

    private synchronized void startNode(int index) throws IOException {
        if (closed) {
            return;
        }
        Child node = command.start(plan.name(index), files.configuration(index), files.log(plan.name(index)));
        nodes.put(index, node);
        node.ended().thenRun(() -> tellEnd(node));
    }

    private void tellEnd(Child node) {
        if (closed) {
            return;
        }
        String how =
                switch (node.exitCode()) {
                    case KILLED -> "was killed: its connections are gone, clients that dial again land on another node";
                    case 0, TERMINATED -> "has left: nothing was lost";
                    case EXPELLED -> "was removed from the cluster (it hung, or was cut off)";
                    default -> "ended with exit code " + node.exitCode() + ", see " + node.log();
                };
        say(node.name() + " " + how + ". Enter starts it again.");
    }

    private void awaitReady(int index) throws IOException, InterruptedException {
        Child node = nodes.get(index);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + plan.nodes().get(index) + ":" + DemoPlan.ADMIN_PORT + "/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (node != null && !closed && !isReady(request)) {
            if (!node.isAlive() || System.nanoTime() > end) {
                throw new IOException(node.name()
                        + (node.isAlive() ? " is not ready" : " ended with exit code " + node.exitCode())
                        + "; the end of " + node.log() + ":\n" + node.tail());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private boolean isReady(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void startObjects() throws IOException, InterruptedException {
        Optional<DemoObjects> service = files.objects();
        if (service.isPresent()) {
            Child started = service.get().start();
            objects = started;
            DemoObjects.await(started);
        }
    }

    private static Optional<Path> haproxy() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(path.split(java.io.File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"))
                .map(directory -> Path.of(directory, "haproxy"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void startBalancer(Path program) throws Exception {
        Path configuration = files.writeBalancer();
        Child started;
        synchronized (this) {
            if (closed) {
                return;
            }
            started = Child.start(
                    "HAProxy",
                    List.of(program.toString(), "-db", "-f", configuration.toString()),
                    Map.of(),
                    files.log("haproxy"));
            balancer = started;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!accepts()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                throw new IOException("HAProxy does not start: " + started.tail());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(plan.vip(), plan.explicitPort()), 1_000);
            socket.setSoTimeout(1_000);
            return socket.getInputStream().read() == '2';
        } catch (IOException notYet) {
            return false;
        }
    }

    private void say(String text) {
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }

    /** Ends all processes. Nodes get a few seconds to leave in order. */
    @Override
    public void close() {
        List<Child> children = new ArrayList<>();
        synchronized (this) {
            closed = true;
            children.addAll(nodes.values());
            Stream.of(balancer, objects).filter(Objects::nonNull).forEach(children::add);
        }
        children.forEach(Child::terminate);
        long end = System.nanoTime() + ENDING.toNanos();
        for (Child child : children) {
            try {
                child.ended().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                child.kill();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
                child.kill();
            }
        }
        Accounts shared = accounts;
        if (shared != null) {
            shared.close();
        }
    }
}
