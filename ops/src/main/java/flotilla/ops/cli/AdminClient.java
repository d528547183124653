package flotilla.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.node.tls.KeyMaterial;
import java.io.IOException;
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

/** Speaks the admin API. */
final class AdminClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final String url;
    private final String token;

    /** An answer other than the one that was asked for. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private AdminClient(HttpClient http, String url, String token) {
        this.http = http;
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
    }

    /** @param ca certificates to trust instead of the system's; @param pinned the server's certificate itself, under any name */
    static AdminClient of(String url, String token, Optional<Path> ca, Optional<Path> pinned) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        try {
            if (ca.isPresent()) {
                builder.sslContext(context(trusting(KeyMaterial.certificates(ca.get()))));
            } else if (pinned.isPresent()) {
                X509Certificate server = KeyMaterial.certificates(pinned.get()).get(0);
                builder.sslContext(context(new TrustManager[] {new PinnedCertificate(server)}));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
        }
        return new AdminClient(builder.build(), url, token);
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

    /** A path segment or a query value as a URL has it. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) throws Refused, IOException {
        return send("GET", path, Optional.empty());
    }

    JsonNode post(String path, ObjectNode body) throws Refused, IOException {
        return send("POST", path, Optional.of(body.toString()));
    }

    JsonNode delete(String path) throws Refused, IOException {
        return send("DELETE", path, Optional.empty());
    }

    private JsonNode send(String method, String path, Optional<String> body) throws Refused, IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode json = parsed(response.body());
            if (response.statusCode() != 200) {
                String message = json.path("message").asText("");
                throw new Refused(
                        response.statusCode(),
                        message.isEmpty() ? url + " answered " + response.statusCode() : message);
            }
            return json;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (java.net.ConnectException e) {
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

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
