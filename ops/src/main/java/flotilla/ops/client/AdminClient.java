package flotilla.ops.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.protection.PemFiles;
import flotilla.ops.local.Caller;
import flotilla.ops.local.LocalAddress;
import flotilla.ops.local.ServerLock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A client for operators' requests, to a server's admin API or to its listener for commands on this machine. */
public final class AdminClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final HttpClient http;
    private final String url;
    private final String token;
    private final String caller;

    /** The server's refusal of a request, or its error. The message is the server's. */
    public static final class Refused extends Exception {
        static final int NOT_FOUND = 404;
        static final int CONFLICT = 409;

        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        /** Returns the status of HTTP. */
        public int status() {
            return status;
        }
    }

    private AdminClient(HttpClient.Builder http, String url, String token, String caller) {
        this.http = http.connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
        this.caller = caller;
    }

    /**
     * Returns a client of any admin API.
     *
     * @param url such as {@code https://10.0.0.1:8421}
     * @param ca certificates to trust instead of the system's
     */
    public static AdminClient of(String url, String token, Optional<Path> ca) throws IOException {
        HttpClient.Builder http = HttpClient.newBuilder();
        try {
            if (ca.isPresent()) {
                http.sslContext(context(trusting(PemFiles.certificates(ca.get()))));
            }
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
        return new AdminClient(http, url, token, "");
    }

    /** Returns a client of a server on this machine. It trusts the server's own certificate, under any name. */
    public static AdminClient of(LocalAddress server) throws IOException {
        HttpClient.Builder http = HttpClient.newBuilder();
        try {
            if (server.certificate().isPresent()) {
                X509Certificate shown =
                        PemFiles.certificates(server.certificate().get()).get(0);
                http.sslContext(context(new TrustManager[] {new PinnedCertificate(shown)}));
            }
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
        return new AdminClient(http, server.url(), server.token(), Caller.here());
    }

    private static IOException unusable(GeneralSecurityException e) {
        return new IOException("the certificates cannot be used: " + e.getMessage(), e);
    }

    /**
     * Returns a client of the server that runs with a data directory; empty when no server runs.
     *
     * @throws IllegalStateException when a server runs and does not answer
     */
    public static Optional<AdminClient> forCommands(Path dataDir) {
        try {
            Optional<LocalAddress> address = ServerLock.address(dataDir, LocalAddress.control(dataDir));
            if (address.isEmpty()) {
                return Optional.empty();
            }
            AdminClient client = of(address.get());
            client.get("ready");
            return Optional.of(client);
        } catch (Refused | IOException e) {
            if (e.getCause() instanceof ConnectException) {
                return Optional.empty(); // the server is ending
            }
            throw new IllegalStateException("the running server cannot be reached: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trusting(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, new SecureRandom());
        return context;
    }

    /** Returns a path segment or a query value in the form of a URL. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Sends GET.
     *
     * @param path below {@code /api/v1}
     * @return the answer
     * @throws Refused when the status is not 200
     * @throws IOException when the server does not answer
     */
    public JsonNode get(String path) throws Refused, IOException {
        return send("GET", path, Optional.empty());
    }

    /** Sends POST with a body; otherwise as {@link #get}. */
    public JsonNode post(String path, JsonNode body) throws Refused, IOException {
        return send("POST", path, Optional.of(body));
    }

    /** Sends DELETE; otherwise as {@link #get}. */
    public JsonNode delete(String path) throws Refused, IOException {
        return send("DELETE", path, Optional.empty());
    }

    /**
     * Sends a request without a body to a server that answered before.
     *
     * @throws Refused when the status is not 200
     * @throws IllegalStateException when the server no longer answers
     */
    public JsonNode ask(String method, String path) throws Refused {
        return ask(method, path, object());
    }

    /** Sends a request with a body; otherwise as {@link #ask(String, String)}. */
    public JsonNode ask(String method, String path, JsonNode body) throws Refused {
        try {
            return send(method, path, body.isEmpty() ? Optional.empty() : Optional.of(body));
        } catch (IOException e) {
            throw new IllegalStateException("the running server does not answer: " + e.getMessage(), e);
        }
    }

    private JsonNode send(String method, String path, Optional<JsonNode> body) throws Refused, IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.toString()))
                                .orElseGet(BodyPublishers::noBody));
        if (!caller.isEmpty()) {
            request.header(Caller.HEADER, caller);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode json = parsed(response.body());
            if (response.statusCode() != OK) {
                String message = json.path("message").asText("");
                throw new Refused(
                        response.statusCode(),
                        message.isEmpty() ? url + " answered " + response.statusCode() : message);
            }
            return json;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ConnectException e) {
            throw new IOException("nobody answers at " + url, e);
        }
    }

    private JsonNode parsed(String body) throws IOException {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException(url + " is not an admin API of Flotilla", e);
        }
    }

    /** Returns an empty object for a body. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
