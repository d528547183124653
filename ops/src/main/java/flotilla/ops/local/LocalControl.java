package flotilla.ops.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import flotilla.cluster.UserDirectory;
import flotilla.ops.config.AdminSettings;
import flotilla.ops.log.AuditLog;
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
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the command line reaches a server on the same machine: HTTP on loopback, behind a token in a file that only the
 * server's user can read ({@code run/control} in the data directory: port, token).
 */
public final class LocalControl implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalControl.class);
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_SKIPPED = 16 << 20;
    private static final int TOKEN_BYTES = 32;

    private final HttpServer server;
    private final RequestThreads threads;
    private final Path file;
    private final byte[] token;

    /** Something the server can be asked. The result is the body of the answer. */
    public interface Operation {
        /** @param body of the request @param caller user of this machine, as the command line says */
        String perform(String body, String caller) throws Exception;
    }

    private LocalControl(HttpServer server, RequestThreads threads, Path file, byte[] token) {
        this.server = server;
        this.threads = threads;
        this.file = file;
        this.token = token;
    }

    static Path file(Path dataDir) {
        return dataDir.resolve("run").resolve("control");
    }

    /**
     * Opens the door for a server with these accounts.
     *
     * @param audit is told of changes of accounts
     * @param settings how many requests there may be at once, and how long one may take to come whole
     * @param more further operations by name
     */
    public static LocalControl open(
            Path dataDir, UserDirectory users, AuditLog audit, AdminSettings settings, Map<String, Operation> more)
            throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        LocalControl control = new LocalControl(
                server,
                new RequestThreads(settings.receiveTimeout(), settings.commands()),
                file(dataDir),
                token.getBytes(StandardCharsets.US_ASCII));
        new AccountOperations(users, new AccountAudit(audit)).all().forEach(control::serve);
        more.forEach(control::serve);
        server.setExecutor(control.threads);
        server.start();
        control.write(server.getAddress().getPort() + "\n" + token + "\n");
        return control;
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
        try {
            String body = body(exchange.getRequestBody());
            String caller = Caller.of(exchange.getRequestHeaders());
            send(exchange, 200, threads.complete(() -> operation.perform(body, caller)));
        } catch (InterruptedException late) {
            throw new IOException("the request gave way", late);
        } catch (IOException brokeOff) {
            throw brokeOff;
        } catch (Exception e) {
            RefusedException refused = refusal(e);
            send(exchange, refused.status(), refused.sentence());
        }
    }

    private static String body(InputStream in) throws IOException, RefusedException {
        byte[] body = in.readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            in.skip(MAX_SKIPPED); // a client that still sends would not see the answer
            throw RefusedException.tooLarge("the body is larger than " + MAX_BODY + " bytes");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static RefusedException refusal(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof RefusedException)) {
            LOG.warn("a command of the command line failed", cause);
        }
        return RefusedException.of(failure);
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
        threads.close();
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
