package flotilla.ops.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the command line reaches a server on the same machine: HTTP on loopback, behind a token in a file that only the
 * server's user can read ({@code run/control} in the data directory: port, token).
 */
public final class LocalControl implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalControl.class);
    private static final int MAX_BODY = 1 << 20;
    private static final int TOKEN_BYTES = 32;
    private static final long DEADLINE_SECONDS = 10;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "flotilla-control");
        thread.setDaemon(true);
        return thread;
    });
    private final Path file;
    private final byte[] token;

    /** Something the server can be asked. @param body of the request; the result is the body of the answer */
    public interface Operation {
        String perform(String body) throws Exception;
    }

    private LocalControl(HttpServer server, Path file, byte[] token) {
        this.server = server;
        this.file = file;
        this.token = token;
    }

    static Path file(Path dataDir) {
        return dataDir.resolve("run").resolve("control");
    }

    /** Opens the door for a server with these accounts. @param more further operations by name */
    public static LocalControl open(Path dataDir, UserDirectory users, Map<String, Operation> more) throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        LocalControl control = new LocalControl(server, file(dataDir), token.getBytes(StandardCharsets.US_ASCII));
        control.serve(
                "users/find",
                body -> UserJson.write(wait(() -> users.find(body)).stream().toList()));
        control.serve("users/put", body -> {
            for (User user : UserJson.read(body)) {
                wait(() -> users.put(user));
            }
            return "";
        });
        control.serve("users/remove", body -> String.valueOf(wait(() -> users.remove(body))));
        control.serve("users/list", body -> {
            String[] parts = body.split("\n", 2);
            return UserJson.write(wait(() -> users.list(parts[1], Integer.parseInt(parts[0]))));
        });
        more.forEach(control::serve);
        server.setExecutor(control.executor);
        server.start();
        control.write(server.getAddress().getPort() + "\n" + token + "\n");
        return control;
    }

    private static <T> T wait(Supplier<CompletionStage<T>> operation) throws Exception {
        return operation.get().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private void write(String text) throws IOException {
        PrivateFile.write(file, text);
    }

    private void serve(String name, Operation operation) {
        server.createContext("/" + name, exchange -> {
            try (exchange) {
                answer(exchange, operation);
            }
        });
    }

    private void answer(HttpExchange exchange, Operation operation) throws IOException {
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] expected =
                ("Bearer " + new String(token, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            send(exchange, 401, "");
            return;
        }
        try (InputStream in = exchange.getRequestBody()) {
            String body = new String(in.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
            send(exchange, 200, operation.perform(body));
        } catch (Exception e) {
            LOG.warn("a command of the command line failed", e);
            send(exchange, 500, String.valueOf(e.getMessage()));
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("removing {}", file, e);
        }
    }

    /** What runs, for messages. */
    static List<String> describe(Path file) throws IOException {
        return Files.readAllLines(file);
    }
}
