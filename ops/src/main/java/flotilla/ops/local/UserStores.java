package flotilla.ops.local;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import flotilla.cluster.accounts.JdbcUserStore;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds the accounts: through the running server if there is one, else in the database itself. */
public final class UserStores {
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private UserStores() {}

    /**
     * @param audit where the audit log is, for changes that no server makes
     * @throws IllegalStateException when neither server nor database can be reached, saying why
     */
    public static UserStore open(Path dataDir, Database database, String audit) {
        Optional<LocalClient> server = LocalClient.find(dataDir);
        return server.<UserStore>map(Remote::new).orElseGet(() -> offline(dataDir, database, audit));
    }

    private static UserStore offline(Path dataDir, Database database, String audit) {
        try {
            DataDirectory.make(dataDir);
        } catch (IOException e) {
            throw new IllegalStateException(dataDir + " cannot be made: " + e.getMessage(), e);
        }
        return new OfflineStore(JdbcUserStore.open(database), dataDir, audit);
    }

    /** The way to a running server. */
    public static final class LocalClient {
        private final HttpClient http =
                HttpClient.newBuilder().connectTimeout(DEADLINE).build();
        private final String port;
        private final String token;

        private LocalClient(String port, String token) {
            this.port = port;
            this.token = token;
        }

        /** The server of this data directory, if one answers. */
        public static Optional<LocalClient> find(Path dataDir) {
            Path file = LocalControl.file(dataDir);
            try {
                if (!Files.exists(file)) {
                    return Optional.empty();
                }
                List<String> lines = LocalControl.describe(file);
                LocalClient client = new LocalClient(lines.get(0), lines.get(1));
                client.request("users/find", "");
                return Optional.of(client);
            } catch (ConnectException nobodyListens) {
                return Optional.empty();
            } catch (IOException | IndexOutOfBoundsException e) {
                throw new IllegalStateException("the running server cannot be reached: " + e.getMessage(), e);
            }
        }

        /** Asks the server. */
        public String call(String operation, String body) {
            try {
                return request(operation, body);
            } catch (IOException e) {
                throw new IllegalStateException("the running server does not answer: " + e.getMessage(), e);
            }
        }

        private String request(String operation, String body) throws IOException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + operation))
                    .timeout(DEADLINE)
                    .header("Authorization", "Bearer " + token)
                    .header(Caller.HEADER, Caller.here())
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 401) {
                    throw new IOException("it does not know the token in run/control");
                }
                if (response.statusCode() != 200) {
                    throw new IllegalStateException(response.body());
                }
                return response.body();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private record Remote(LocalClient server) implements UserStore {
        @Override
        public Optional<User> find(String name) {
            return users(server.call("users/find", name)).stream().findFirst();
        }

        @Override
        public void put(User user) {
            server.call("users/put", UserJson.write(List.of(user)));
        }

        @Override
        public boolean remove(String name) {
            return Boolean.parseBoolean(server.call("users/remove", name));
        }

        @Override
        public List<User> list(String after, int limit) {
            return users(server.call("users/list", limit + "\n" + after));
        }

        private static List<User> users(String json) {
            try {
                return UserJson.read(json);
            } catch (RefusedException e) {
                throw new IllegalStateException("the running server is of another version: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {}
    }
}
