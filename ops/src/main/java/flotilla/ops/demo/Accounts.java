package flotilla.ops.demo;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * The accounts that all nodes of the demonstration share, in a database in this process. Nodes reach it over loopback.
 */
final class Accounts implements AutoCloseable {
    static final String USER = "demo";

    private final Server server;
    private final String url;

    private Accounts(Server server, String url) {
        this.server = server;
        this.url = url;
    }

    /** Opens the database in a directory and gives the user this password. */
    static Accounts open(Path directory, String password) throws IOException, SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        Files.createDirectories(directory);
        String credentials = ";USER=flotilla;PASSWORD=" + secret(directory.resolve("password"));
        // The database is created before it is served, because the database server creates none for a client.
        try (JdbcUserStore store =
                JdbcUserStore.open(new Database("jdbc:h2:file:" + directory.resolve("users") + credentials, 4, 1))) {
            store.put(User.create(USER, PasswordHash.encode(password, Argon2Parameters.DEFAULT), USER));
        }
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifExists", "-baseDir", directory.toString())
                .start();
        return new Accounts(
                server,
                String.format(Locale.ROOT, "jdbc:h2:tcp://127.0.0.1:%d/./users", server.getPort()) + credentials);
    }

    private static String secret(Path file) throws IOException {
        if (!Files.exists(file)) {
            PrivateFile.write(file, UUID.randomUUID().toString());
        }
        return Files.readString(file);
    }

    /** Returns the URL of the database for nodes, with its password. */
    String jdbcUrl() {
        return url;
    }

    @Override
    public void close() {
        server.stop();
    }
}
