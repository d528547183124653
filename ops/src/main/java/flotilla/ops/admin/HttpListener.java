package flotilla.ops.admin;

import com.typesafe.config.ConfigFactory;
import flotilla.ops.admin.Connections.Connection;
import flotilla.ops.config.AdminSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * The listener of the API: HTTP over TCP, with TLS or without. It can close each connection at any time, even during a
 * handshake.
 */
final class HttpListener {
    private static final int BACKLOG = 64;
    private static final long BIND_SECONDS = 10;
    private static final Duration BESIDE_NODES = Duration.ofSeconds(12);
    private static final Duration SWEEP = Duration.ofMillis(250);

    /** Answers requests. */
    interface Handler {
        /**
         * Answers a complete request. The stage never fails.
         *
         * @param from address of the client
         * @param cut closes the connection at once
         */
        CompletionStage<HttpResponse> answer(HttpRequest request, byte[] body, String from, Runnable cut);

        /** Returns the answer to a request whose body cannot be read. */
        HttpResponse refuse(int status, String why);

        /** Returns the answer while too many requests are in progress. */
        HttpResponse tooMany();
    }

    private final ActorSystem<?> system;
    private final AdminSettings settings;
    private final ServerSettings http;
    private final Handler handler;
    private final Connections connections;
    private final SharedKillSwitch ending = KillSwitches.shared("admin-ending");
    private final Tcp.ServerBinding binding;
    private final Cancellable clock;

    /**
     * Starts to listen.
     *
     * @throws IOException naming the address that is taken
     */
    HttpListener(ActorSystem<?> system, AdminSettings settings, int port, Handler handler) throws IOException {
        this.system = system;
        this.settings = settings;
        this.handler = handler;
        this.http = bounds(system, settings);
        this.connections =
                new Connections(settings.maxConnections(), settings.healthConnections(), settings.receiveTimeout());
        Optional<AdminTls> tls = settings.tls().isPresent()
                ? Optional.of(new AdminTls(settings.tls().get()))
                : Optional.empty();
        this.binding = bind(port, tls);
        this.clock = system.scheduler()
                .scheduleWithFixedDelay(SWEEP, SWEEP, connections::endLate, system.executionContext());
    }

    int port() {
        return binding.localAddress().getPort();
    }

    private Tcp.ServerBinding bind(int port, Optional<AdminTls> tls) throws IOException {
        String host = settings.bind().getHostAddress();
        try {
            return Tcp.get(system)
                    .bind(host, port, BACKLOG, List.of(), false, Optional.empty())
                    .mapAsyncUnordered(settings.maxConnections() + 1, connection -> serve(connection, tls))
                    .to(Sink.ignore())
                    .run(system)
                    .toCompletableFuture()
                    .get(BIND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the admin API cannot listen on " + host + ":" + port, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private CompletionStage<Done> serve(Tcp.IncomingConnection incoming, Optional<AdminTls> tls) {
        SharedKillSwitch end = KillSwitches.shared("admin-connection");
        Connection connection = connections.opened(end::shutdown);
        String from = incoming.remoteAddress().getAddress().getHostAddress();
        Flow<HttpRequest, HttpResponse, NotUsed> answers =
                Flow.of(HttpRequest.class).via(ending.flow()).mapAsync(1, request -> answer(connection, request, from));
        BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> untilEnd =
                BidiFlow.fromFlows(end.flow(), end.flow());
        Flow<ByteString, ByteString, CompletionStage<Done>> bytes =
                incoming.flow().watchTermination((unused, done) -> done);
        return Http.get(system)
                .serverLayer(http)
                .atop(tls.map(HttpListener::secured).orElseGet(HttpListener::clear))
                .atop(untilEnd)
                .join(bytes, Keep.right())
                .joinMat(answers, Keep.left())
                .run(system)
                .handle((done, failure) -> {
                    connections.closed(connection);
                    return Done.getInstance();
                });
    }

    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> secured(AdminTls tls) {
        return TLS.create(tls::engine, TLSClosing.eagerClose());
    }

    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> clear() {
        BidiFlow<SslTlsOutbound, SslTlsOutbound, SessionBytes, SslTlsInbound, NotUsed> widened = BidiFlow.fromFlows(
                Flow.of(SslTlsOutbound.class), Flow.of(SessionBytes.class).map(bytes -> bytes));
        return widened.atop(TLSPlacebo.getInstance());
    }

    /** Answers a request when the last byte of its body has arrived. */
    private CompletionStage<HttpResponse> answer(Connection connection, HttpRequest request, String from) {
        return request.entity()
                .withSizeLimit(settings.maxBody())
                .toStrict(settings.receiveTimeout().toMillis(), system)
                .handle((body, failure) -> failure == null
                        ? complete(connection, request, body, from)
                        : CompletableFuture.completedFuture(refusedBody(failure)))
                .thenCompose(stage -> stage);
    }

    private CompletionStage<HttpResponse> complete(
            Connection connection, HttpRequest request, HttpEntity.Strict body, String from) {
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        boolean isHealth = HealthAnswers.isHealth(segments);
        if (!connections.begin(connection, isHealth)) {
            return CompletableFuture.completedFuture(handler.tooMany());
        }
        return handler.answer(request, body.getData().toArray(), from, () -> connections.cut(connection))
                .thenApply(response -> response.entity().isChunked() ? streaming(connection, response) : response)
                .whenComplete((response, failure) -> {
                    if (failure != null || !response.entity().isChunked()) {
                        connections.answered(connection, isHealth);
                    }
                });
    }

    /** A stream is no request in progress, and its connection does not wait for one before the stream ends. */
    private HttpResponse streaming(Connection connection, HttpResponse response) {
        connections.streams();
        return response.transformEntityDataBytes(Flow.of(ByteString.class).watchTermination((unused, done) -> {
            done.whenComplete((ended, failure) -> connections.streamed(connection));
            return unused;
        }));
    }

    private HttpResponse refusedBody(Throwable failure) {
        return failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
                ? handler.refuse(408, "the body did not come in time")
                : handler.refuse(413, "the body is larger than " + settings.maxBody() + " bytes, or broke off");
    }

    private static ServerSettings bounds(ActorSystem<?> system, AdminSettings settings) {
        Map<String, Object> bounds = Map.ofEntries(
                Map.entry("server-header", ""),
                // Balancers probe with HTTP/1.0 and no Host.
                Map.entry("default-host-header", "localhost"),
                Map.entry("pipelining-limit", 1),
                Map.entry("idle-timeout", "30s"),
                Map.entry("linger-timeout", "5s"),
                Map.entry(
                        "request-timeout",
                        settings.nodeTimeout()
                                        .multipliedBy(2)
                                        .plus(BESIDE_NODES)
                                        .toMillis() + "ms"),
                Map.entry("parsing.max-content-length", settings.maxBody()),
                Map.entry("parsing.max-uri-length", 4096),
                Map.entry("parsing.max-header-count", 32),
                Map.entry("parsing.max-header-value-length", 4096),
                // A malformed header may hold a token, so it must not be logged.
                Map.entry("parsing.illegal-header-warnings", "off"),
                Map.entry("parsing.error-logging-verbosity", "off"));
        return ServerSettings.create(ConfigFactory.parseMap(bounds)
                .atPath("pekko.http.server")
                .withFallback(system.settings().config()));
    }

    /** Stops listening, for a listener that no client knows yet. */
    void unbind() {
        binding.unbind();
        clock.cancel();
    }

    /** Stops listening, waits for the answers in progress, and closes the connections. */
    void close(Duration patience) throws InterruptedException {
        unbind();
        ending.shutdown();
        connections.endAll(patience);
    }
}
