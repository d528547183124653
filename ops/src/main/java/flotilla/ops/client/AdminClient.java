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
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A client for operators' requests, to a server's admin API or to its listener for commands on this machine. */
public final class AdminClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int OK = 200;
    /** Most bytes of an answer that are read. */
    private static final int LARGEST_ANSWER = 64 << 20;

    private final Trust trust;
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

    /** Prepares a connection by the server's certificate. */
    @FunctionalInterface
    private interface Trust {
        void apply(HttpsURLConnection connection);
    }

    private AdminClient(Trust trust, String url, String token, String caller) {
        this.trust = trust;
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
        if (ca.isEmpty()) {
            return new AdminClient(connection -> {}, url, token, "");
        }
        SSLSocketFactory sockets = sockets(() -> trusting(PemFiles.certificates(ca.get())));
        return new AdminClient(connection -> connection.setSSLSocketFactory(sockets), url, token, "");
    }

    /** Returns a client of a server on this machine. It trusts the server's own certificate, under any name. */
    public static AdminClient of(LocalAddress server) throws IOException {
        if (server.certificate().isEmpty()) {
            return new AdminClient(connection -> {}, server.url(), server.token(), Caller.here());
        }
        Path shown = server.certificate().get();
        SSLSocketFactory sockets = sockets(() -> new TrustManager[] {
            new PinnedCertificate(PemFiles.certificates(shown).get(0))
        });
        return new AdminClient(
                connection -> {
                    connection.setSSLSocketFactory(sockets);
                    connection.setHostnameVerifier((host, session) -> true);
                },
                server.url(),
                server.token(),
                Caller.here());
    }

    /**
     * Returns a client of the admin API of the server that runs with a data directory; empty when none runs, or its API
     * is off.
     *
     * @throws IOException when the server's certificate cannot be read
     */
    public static Optional<AdminClient> forApi(Path dataDir) throws IOException {
        Optional<LocalAddress> address = ServerLock.address(dataDir, LocalAddress.admin(dataDir));
        return address.isEmpty() ? Optional.empty() : Optional.of(of(address.get()));
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

    /** Makes trust managers. */
    @FunctionalInterface
    private interface Managers {
        TrustManager[] make() throws GeneralSecurityException, IOException;
    }

    private static SSLSocketFactory sockets(Managers managers) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.make(), new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
        }
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

    /** Sends PUT with a body; otherwise as {@link #get}. */
    public JsonNode put(String path, JsonNode body) throws Refused, IOException {
        return send("PUT", path, Optional.of(body));
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

    /** HttpClient has a thread that delays the end of the process by 0.3 s. */
    private JsonNode send(String method, String path, Optional<JsonNode> body) throws Refused, IOException {
        HttpURLConnection connection = connection(method, path);
        try {
            if (body.isPresent()) {
                byte[] bytes = body.get().toString().getBytes(StandardCharsets.UTF_8);
                connection.setDoOutput(true);
                connection.getOutputStream().write(bytes);
            }
            int status = connection.getResponseCode();
            JsonNode json = parsed(
                    status < HttpURLConnection.HTTP_BAD_REQUEST
                            ? connection.getInputStream()
                            : connection.getErrorStream());
            if (status != OK) {
                String message = json.path("message").asText("");
                throw new Refused(status, message.isEmpty() ? url + " answered " + status : message);
            }
            return json;
        } catch (ConnectException e) {
            throw new IOException("nobody answers at " + url, e);
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connection(String method, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + "/api/v1/" + path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection https) {
            trust.apply(https);
        }
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) DEADLINE.toMillis());
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Content-Type", "application/json");
        if (!caller.isEmpty()) {
            connection.setRequestProperty(Caller.HEADER, caller);
        }
        return connection;
    }

    private JsonNode parsed(@Nullable InputStream body) throws IOException {
        try (InputStream in = body == null ? InputStream.nullInputStream() : body) {
            byte[] bytes = in.readNBytes(LARGEST_ANSWER + 1);
            if (bytes.length > LARGEST_ANSWER) {
                throw new IOException(url + " answered more than " + LARGEST_ANSWER + " bytes");
            }
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException(url + " is not an admin API of Flotilla", e);
        }
    }

    /** Returns an empty object for a body. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
