package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rates of sessions, of users and of the whole cluster. A transfer may take longer than its rate says, never less. */
@WithServer({
    "flotilla.limits.rate-per-session=1m",
    "flotilla.limits.rate-per-user=512k",
    "flotilla.limits.total-rate=1536k"
})
class RatesTest extends CurlClient {
    private static final String FAST = "1G";

    /** Downloads files of this size at the same time, one by each user, and returns the seconds. */
    private double seconds(int size, Account... users) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(users.length);
        try {
            List<Callable<Path>> all = new ArrayList<>();
            for (Account user : users) {
                Path sent = Program.file(user.home().resolve("file"), size);
                Path got = local("got-" + user.name());
                all.add(() -> {
                    curl("-o", got.toString(), "--user", user.name() + ":" + user.password(), explicitUrl("file"))
                            .run()
                            .ok();
                    assertSame(sent, got);
                    return got;
                });
            }
            long before = System.nanoTime();
            for (Future<Path> each : threads.invokeAll(all)) {
                Files.delete(each.get());
            }
            return (System.nanoTime() - before) / 1e9;
        } finally {
            threads.shutdownNow();
        }
    }

    private Account fast() {
        Account user = server.newAccount();
        server.flotilla("user", "set", user.name(), "--download-rate", FAST);
        return user;
    }

    @Test
    @DisplayName("curl: users without a rate of their own have limits.rate-per-user")
    void user() throws Exception {
        double took = seconds(MIB, account);
        assertTrue(took > 1.7, took + " s for 1 MiB at 512 KiB/s");
    }

    @Test
    @DisplayName("curl: limits.rate-per-session holds for users with a higher rate")
    void session() throws Exception {
        double took = seconds(3 * MIB, fast());
        assertTrue(took > 2.5, took + " s for 3 MiB at 1 MiB/s");
    }

    @Test
    @DisplayName("curl: limits.total-rate is shared by the transfers of all users")
    void total() throws Exception {
        double took = seconds(2 * MIB, fast(), fast(), fast());
        assertTrue(took > 3.5, took + " s for 6 MiB at 1.5 MiB/s");
    }
}
