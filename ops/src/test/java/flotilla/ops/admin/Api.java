package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.local.LocalAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client of the admin API that sends anything, even wrong requests. */
final class Api {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String token;

    record Answer(int status, String text, HttpResponse<String> response) {
        JsonNode json() throws IOException {
            return MAPPER.readTree(text);
        }

        String code() throws IOException {
            return json().path("code").asText();
        }
    }

    Api(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Returns a client with the token of the server's own machine. */
    static Api local(ServerProcess server) throws IOException {
        List<String> lines = Files.readAllLines(file(server));
        return new Api(lines.get(0), lines.get(1));
    }

    /** Returns a client of the listener for commands on the server's own machine. */
    static Api commands(ServerProcess server) throws IOException {
        LocalAddress address =
                LocalAddress.read(LocalAddress.control(server.dataDirectory())).orElseThrow();
        return new Api(address.url(), address.token());
    }

    static Path file(ServerProcess server) {
        return LocalAddress.admin(server.dataDirectory());
    }

    Api with(String otherToken) {
        return new Api(url, otherToken);
    }

    String url() {
        return url;
    }

    Answer call(String method, String path, String body) throws IOException, InterruptedException {
        return call(method, path, body, Map.of());
    }

    /** Sends a request, and compares its answer with the description of the API. */
    Answer call(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        headers.forEach(request::header);
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        AnswerSchemas.check(
                method,
                path,
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
        return new Answer(response.statusCode(), response.body(), response);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return call("GET", "/api/v1/" + path, "");
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return call("POST", "/api/v1/" + path, body);
    }

    Answer put(String path, String body) throws IOException, InterruptedException {
        return call("PUT", "/api/v1/" + path, body);
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return call("DELETE", "/api/v1/" + path, "");
    }

    /** Returns the value of a metric. Its name and labels are written as in Prometheus' format. */
    double metric(String nameAndLabels) throws IOException, InterruptedException {
        return call("GET", "/metrics", "")
                .text()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + nameAndLabels));
    }
}
