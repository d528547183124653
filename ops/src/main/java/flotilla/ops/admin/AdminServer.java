package flotilla.ops.admin;

import com.typesafe.config.ConfigFactory;
import flotilla.cluster.ClusterNode;
import flotilla.node.NodeSettings;
import flotilla.node.overview.ClusterOverview;
import flotilla.ops.admin.Requests.Request;
import flotilla.ops.admin.Requests.Response;
import flotilla.ops.config.AdminSettings;
import flotilla.ops.local.PrivateFile;
import flotilla.ops.log.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.Pair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side of the admin API. */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int THREADS = 4;
    private static final int WAITING = 256;
    private static final int MAX_BODY = 65_536;
    private static final long BODY_MILLIS = 5_000;
    private static final long BIND_SECONDS = 10;
    private static final int MAX_FREE_PORTS_TRIED = 10;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
    private static final Duration BESIDE_NODES = Duration.ofSeconds(12);

    private final ActorSystem<?> system;
    private final ThreadPoolExecutor executor;
    private final Requests requests;
    private final ServerBinding binding;
    private final Path localFile;
    private final String url;

    private AdminServer(
            ActorSystem<?> system,
            ThreadPoolExecutor executor,
            Requests requests,
            AdminSettings settings,
            NodeSettings node,
            Path localFile)
            throws IOException {
        this.system = system;
        this.executor = executor;
        this.requests = requests;
        this.localFile = localFile;
        this.binding = bind(settings, node);
        this.url = settings.localUrl(binding.localAddress().getPort());
    }

    /** Where a server notes for programs of its own user where its API is: URL, token, certificate. */
    public static Path localFile(Path dataDir) {
        return dataDir.resolve("run").resolve("admin");
    }

    /**
     * Starts to listen.
     *
     * @throws IOException naming the address that is taken
     */
    public static AdminServer open(
            Path dataDir,
            AdminSettings settings,
            NodeSettings node,
            ClusterNode cluster,
            ClusterOverview overview,
            Health health,
            AuditLog audit)
            throws IOException {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "flotilla-admin");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        String local = TokenFile.random();
        List<Route> routes = new ArrayList<>(new SessionRoutes(overview).routes());
        routes.addAll(new ShareRoutes(cluster, node, overview).routes());
        Requests requests = new Requests(routes, new Tokens(settings.tokensFile(), local), audit, health, executor);
        Path file = localFile(dataDir);
        AdminServer server = new AdminServer(cluster.system(), executor, requests, settings, node, file);
        String certificate =
                settings.tls().map(files -> files.certificate().toString()).orElse("");
        PrivateFile.write(file, server.url() + "\n" + local + "\n" + certificate + "\n");
        return server;
    }

    /** Where programs on this machine find it. */
    public String url() {
        return url;
    }

    /** A free port that the kernel picks may be one that clients are to be served on, as soon as the node is ready. */
    private ServerBinding bind(AdminSettings settings, NodeSettings node) throws IOException {
        if (settings.mayMove()) {
            try {
                if (isFor(settings.port(), node)) {
                    return bind(settings, settings.port());
                }
            } catch (IOException taken) {
                LOG.debug("the usual port of the admin API", taken);
            }
            LOG.warn("port {} is taken: the admin API listens on another one that is free", settings.port());
            return bindAnywhere(settings, node);
        }
        return settings.port() == 0 ? bindAnywhere(settings, node) : bind(settings, settings.port());
    }

    private static boolean isFor(int port, NodeSettings node) {
        return port != node.control().explicitPort()
                && port != node.control().implicitPort()
                && !node.data().ports().contains(port);
    }

    private ServerBinding bindAnywhere(AdminSettings settings, NodeSettings node) throws IOException {
        List<ServerBinding> reserved = new ArrayList<>(); // kept, or the kernel would offer them again
        try {
            while (reserved.size() < MAX_FREE_PORTS_TRIED) {
                ServerBinding bound = bind(settings, 0);
                if (isFor(bound.localAddress().getPort(), node)) {
                    return bound;
                }
                reserved.add(bound);
            }
        } finally {
            reserved.forEach(ServerBinding::unbind);
        }
        throw new IOException("the admin API found only ports of flotilla.listeners and flotilla.passive.ports free at "
                + settings.bind().getHostAddress() + ": set flotilla.admin.port");
    }

    private ServerBinding bind(AdminSettings settings, int port) throws IOException {
        ServerBuilder builder = Http.get(system)
                .newServerAt(settings.bind().getHostAddress(), port)
                .withSettings(settings(settings));
        if (settings.tls().isPresent()) {
            AdminTls tls = new AdminTls(settings.tls().get());
            builder = builder.enableHttps(ConnectionContext.httpsServer(tls::engine));
        }
        try {
            return builder.bind(this::handle).toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "the admin API cannot listen on " + settings.bind().getHostAddress() + ":" + port, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private ServerSettings settings(AdminSettings settings) {
        Map<String, Object> bounds = Map.ofEntries(
                Map.entry("server-header", ""),
                // Balancers probe with HTTP/1.0 and no Host.
                Map.entry("default-host-header", "localhost"),
                Map.entry("max-connections", settings.maxConnections()),
                Map.entry("pipelining-limit", 1),
                Map.entry("backlog", 64),
                Map.entry("idle-timeout", "30s"),
                Map.entry("linger-timeout", "5s"),
                Map.entry(
                        "request-timeout",
                        settings.nodeTimeout()
                                        .multipliedBy(2)
                                        .plus(BESIDE_NODES)
                                        .toMillis() + "ms"),
                Map.entry("remote-address-attribute", "on"),
                Map.entry("parsing.max-content-length", MAX_BODY),
                Map.entry("parsing.max-uri-length", 4096),
                Map.entry("parsing.max-header-count", 32),
                Map.entry("parsing.max-header-value-length", 4096),
                // A malformed header may hold a token.
                Map.entry("parsing.illegal-header-warnings", "off"),
                Map.entry("parsing.error-logging-verbosity", "off"));
        return ServerSettings.create(ConfigFactory.parseMap(bounds)
                .atPath("pekko.http.server")
                .withFallback(system.settings().config()));
    }

    private CompletionStage<HttpResponse> handle(HttpRequest request) {
        return request.entity()
                .withSizeLimit(MAX_BODY)
                .toStrict(BODY_MILLIS, system)
                .handle((entity, failure) -> failure == null
                        ? answer(request, entity.getData().toArray())
                        : CompletableFuture.completedFuture(refusedBody(failure)))
                .thenCompose(stage -> stage)
                .thenApply(AdminServer::http);
    }

    private static Response refusedBody(Throwable failure) {
        return failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
                ? Requests.badBody(408, "the body did not come in time")
                : Requests.badBody(413, "the body is larger than " + MAX_BODY + " bytes, or broke off");
    }

    private CompletionStage<Response> answer(HttpRequest request, byte[] body) {
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (Pair<String, String> pair : request.getUri().query().toList()) {
            query.add(Map.entry(pair.first(), pair.second()));
        }
        try {
            return requests.answer(new Request(
                    request.method().value(),
                    segments,
                    Requests.query(query),
                    request.getHeader("Authorization").map(HttpHeader::value).orElse(""),
                    request.getAttribute(AttributeKeys.remoteAddress)
                            .flatMap(remote -> remote.getAddress())
                            .map(address -> address.getHostAddress())
                            .orElse(""),
                    body));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(Requests.tooMany());
        }
    }

    private static HttpResponse http(Response response) {
        HttpResponse http = HttpResponse.create()
                .withStatus(response.status())
                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                .withEntity(ContentTypes.parse(response.type()), response.body());
        return response.status() == 401 ? http.addHeader(RawHeader.create("WWW-Authenticate", "Bearer")) : http;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(localFile);
            binding.terminate(LAST_ANSWERS)
                    .toCompletableFuture()
                    .get(LAST_ANSWERS.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.debug("closing the admin API", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            executor.shutdown();
        }
    }
}
