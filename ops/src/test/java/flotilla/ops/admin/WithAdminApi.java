package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Gives the tests of a class one server with its admin API, and closes their clients after each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@SuppressWarnings("NullAway.Init")
abstract class WithAdminApi {
    protected ServerProcess server;
    protected Api api;
    private final Deque<FtpDriver> clients = new ArrayDeque<>();

    @BeforeAll
    final void start() throws IOException {
        server = ServerProcess.start(settings().toArray(String[]::new));
        api = Api.local(server);
    }

    /** Returns settings beside those that every test server has. */
    protected List<String> settings() throws IOException {
        return List.of();
    }

    @AfterAll
    final void stop() throws IOException {
        server.close();
        assertFalse(Files.exists(Api.file(server)));
    }

    @AfterEach
    final void closeClients() throws Exception {
        while (!clients.isEmpty()) {
            clients.pop().close();
        }
        Await.until(
                "no session", () -> api.get("sessions").json().path("matched").asInt() == 0);
    }

    protected final FtpDriver login(Account account) throws IOException {
        FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
        clients.push(ftp);
        return ftp;
    }
}
