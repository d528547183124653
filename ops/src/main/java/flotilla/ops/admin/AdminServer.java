package flotilla.ops.admin;

import flotilla.node.NodeSettings;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.admin.Requests.Request;
import flotilla.ops.admin.Requests.Response;
import flotilla.ops.config.AdminSettings;
import flotilla.ops.local.Caller;
import flotilla.ops.local.LocalAddress;
import flotilla.ops.log.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server for operators' requests: the listener for commands on this machine, or the admin API. */
final class AdminServer implements HttpListener.Handler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int THREADS = 4;
    private static final int WAITING = 256;
    private static final int MAX_FREE_PORTS_TRIED = 10;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private final AdminSettings settings;
    private final ActorSystem<?> system;
    private final ThreadPoolExecutor executor = threads(THREADS, "flotilla-admin");
    private final ThreadPoolExecutor forHealth = threads(1, "flotilla-health");
    private final Requests requests;
    private final Optional<WebSite> site;
    private final HttpListener listener;
    private Optional<Path> noted = Optional.empty();

    /**
     * The parts that answer requests.
     *
     * @param health answers without a token; empty for the listener for commands on this machine
     * @param site makes the pages for browsers
     */
    record Answers(
            List<Route> routes,
            Tokens tokens,
            AuditLog audit,
            Optional<Health> health,
            Optional<Function<Door, Site>> site) {}

    private AdminServer(AdminSettings settings, NodeSettings node, ActorSystem<?> system, Answers answers)
            throws IOException {
        this.settings = settings;
        this.system = system;
        this.requests = new Requests(
                answers.routes(), answers.tokens(), answers.audit(), answers.health(), executor, forHealth);
        this.site = answers.site()
                .map(make -> new WebSite(
                        make.apply(new InnerDoor(requests, answers.tokens(), answers.audit())),
                        system,
                        executor,
                        settings.tls().isPresent()));
        this.listener = bind(settings, node);
    }

    /**
     * Starts to listen.
     *
     * @param node settings of the node, whose ports it leaves free
     * @throws IOException naming the address that is taken
     */
    static AdminServer open(AdminSettings settings, NodeSettings node, ActorSystem<?> system, Answers answers)
            throws IOException {
        return new AdminServer(settings, node, system, answers);
    }

    /**
     * Writes the address and a token into a file for programs of the server's own user. The file lasts until this is
     * closed.
     */
    void note(Path file, String token) throws IOException {
        Optional<Path> certificate = settings.tls().map(CertificateFiles::certificate);
        new LocalAddress(url(), token, certificate).write(file);
        noted = Optional.of(file);
    }

    private static ThreadPoolExecutor threads(int number, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                number, number, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Returns the URL for programs on this machine. */
    String url() {
        return settings.localUrl(listener.port());
    }

    /**
     * Opens the listener. A free port that the kernel picks may be one that the node needs for clients, so those are
     * skipped.
     */
    private HttpListener bind(AdminSettings settings, NodeSettings node) throws IOException {
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
        return port != node.control().listeners().explicitPort()
                && port != node.control().listeners().implicitPort()
                && !node.data().ports().contains(port);
    }

    private HttpListener bindAnywhere(AdminSettings settings, NodeSettings node) throws IOException {
        List<HttpListener> reserved = new ArrayList<>(); // stay open, because the kernel would offer closed ones again
        try {
            while (reserved.size() < MAX_FREE_PORTS_TRIED) {
                HttpListener bound = bind(settings, 0);
                if (isFor(bound.port(), node)) {
                    return bound;
                }
                reserved.add(bound);
            }
        } finally {
            reserved.forEach(HttpListener::unbind);
        }
        throw new IOException("the admin API found only ports of flotilla.listeners and flotilla.passive.ports free at "
                + settings.bind().getHostAddress() + ": set flotilla.admin.port");
    }

    private HttpListener bind(AdminSettings settings, int port) throws IOException {
        return new HttpListener(system, settings, port, this);
    }

    @Override
    public HttpResponse refuse(int status, String why) {
        return http(Requests.badBody(status, why));
    }

    @Override
    public HttpResponse tooMany() {
        return http(Requests.tooMany());
    }

    @Override
    public CompletionStage<HttpResponse> answer(HttpRequest request, byte[] body, String from, Runnable cut) {
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (Pair<String, String> pair : request.getUri().query().toList()) {
            query.add(Map.entry(pair.first(), pair.second()));
        }
        String authorization = header(request, "Authorization");
        String caller = header(request, Caller.HEADER);
        try {
            if (site.isPresent() && WebSite.isPage(segments)) {
                return site.get().answer(request, segments, Requests.query(query), body, from, cut);
            }
            return requests.answer(new Request(
                            request.method().value(),
                            segments,
                            Requests.query(query),
                            authorization,
                            from,
                            caller,
                            new Conditions(header(request, "If-Match"), header(request, "If-None-Match")),
                            body))
                    .thenApply(AdminServer::http);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(tooMany());
        }
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }

    private static HttpResponse http(Response response) {
        HttpResponse http = HttpResponse.create()
                .withStatus(response.status())
                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                .withEntity(ContentTypes.parse(response.type()), response.body())
                .addHeaders(response.headers().entrySet().stream()
                        .<HttpHeader>map(header -> RawHeader.create(header.getKey(), header.getValue()))
                        .toList());
        return response.status() == 401 ? http.addHeader(RawHeader.create("WWW-Authenticate", "Bearer")) : http;
    }

    @Override
    public void close() {
        try {
            if (noted.isPresent()) {
                Files.deleteIfExists(noted.get());
            }
            site.ifPresent(WebSite::close);
            listener.close(LAST_ANSWERS);
        } catch (IOException e) {
            LOG.debug("closing the admin API", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            executor.shutdown();
            forHealth.shutdown();
        }
    }
}
