package flotilla.ops.outgoing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends bodies to one URL with POST (RFC 9110 section 9.3.3), by HTTP/1.1. It follows no redirects: an answer 3xx is an
 * answer. The certificate and the name of an https server are always checked. No caller's thread waits.
 */
public final class HttpPost implements AutoCloseable {
    /** Most bytes of an answer's body that are kept. */
    public static final int MOST_ANSWER = 2048;

    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 30;

    private final URI url;
    private final Limits limits;
    private final HttpClient client;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger running = new AtomicInteger();

    /**
     * The limits of a sender.
     *
     * @param connect longest time until the connection stands, with its TLS handshake
     * @param total longest time until the answer has come as a whole
     * @param requests most requests at a time, and so most connections; further ones fail at once
     */
    public record Limits(Duration connect, Duration total, int requests) {}

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param begin first {@link #MOST_ANSWER} bytes of the body as text in UTF-8
     * @param retryAfter seconds of the header Retry-After (RFC 9110 section 10.2.3) when it is a number of at most six
     *     digits
     */
    public record Answer(int status, String begin, Optional<Duration> retryAfter) {
        /** Whether the status is 200 to 299. */
        public boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    private HttpPost(URI url, Limits limits, @Nullable SSLContext trust) {
        this.url = url;
        this.limits = limits;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "flotilla-http-post");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .executor(threads);
        if (trust != null) {
            builder.sslContext(trust);
        }
        this.client = builder.build();
    }

    /**
     * Creates a sender. It connects with its first request.
     *
     * @param ca certificates in PEM to trust instead of the system's
     * @throws IOException when the URL is none of http or https, or the file cannot be used; the message has no secrets
     */
    public static HttpPost open(String url, Limits limits, Optional<Path> ca) throws IOException {
        URI parsed = parsed(url);
        try {
            return new HttpPost(parsed, limits, ca.isPresent() ? OwnTrust.of(ca.get()) : null);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates of " + ca.orElseThrow() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The parts of a URL are not in the messages: its path or query is often the secret. */
    private static URI parsed(String url) throws IOException {
        URI parsed;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IOException("the URL has a wrong form", new IOException("a character is not allowed there"));
        }
        String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IOException("the URL must begin with https:// or http://");
        }
        if (parsed.getHost() == null || parsed.getRawUserInfo() != null || parsed.getRawFragment() != null) {
            throw new IOException("the URL needs a host, and must have neither a user nor a fragment");
        }
        return parsed;
    }

    /** Returns scheme, host and port of the URL, for messages. The rest may be a secret. */
    public String place() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /**
     * Sends a body.
     *
     * @param headers such as Content-Type
     * @return the answer, whatever its status; fails with an {@link IOException} when there is none in time, and at once
     *     when as many requests as the limits allow are under way. Cancelling it ends the request.
     */
    public CompletableFuture<Answer> send(Map<String, String> headers, byte[] body) {
        if (running.incrementAndGet() > limits.requests()) {
            running.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new IOException("more than " + limits.requests() + " requests at a time"));
        }
        CompletableFuture<HttpResponse<String>> exchange;
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .timeout(limits.total())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            exchange = client.sendAsync(request.build(), answer -> new FirstBytes(MOST_ANSWER));
        } catch (RuntimeException e) {
            running.decrementAndGet();
            return CompletableFuture.failedFuture(new IOException("the request is not possible: " + e.getMessage(), e));
        }
        exchange.whenComplete((answer, failure) -> running.decrementAndGet());
        // the timeout of the request ends with the header of the answer
        CompletableFuture<Answer> result = exchange.copy()
                .orTimeout(limits.total().toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> answer == null ? failed(failure) : answered(answer))
                .thenCompose(done -> done);
        return result.whenComplete((answer, failure) -> {
            if (failure != null) {
                exchange.cancel(true);
            }
        });
    }

    private static CompletableFuture<Answer> answered(HttpResponse<String> answer) {
        Optional<Duration> retryAfter = answer.headers()
                .firstValue("Retry-After")
                .map(String::strip)
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
        return CompletableFuture.completedFuture(new Answer(answer.statusCode(), answer.body(), retryAfter));
    }

    private static CompletableFuture<Answer> failed(Throwable failure) {
        return CompletableFuture.failedFuture(new IOException(Causes.of(failure), failure));
    }

    /** Ends the threads. Requests that are under way may fail. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
