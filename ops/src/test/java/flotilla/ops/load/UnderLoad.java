package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.e2e.WithServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * A server with short timers that must be as before after each test: it has no more threads, descriptors, leases,
 * sessions, objects of clients or bytes of heap, and no error in its log.
 */
@WithServer({
    "flotilla.tls.required=false",
    "flotilla.tls.data-required=false",
    "flotilla.tls.handshake-timeout=3s",
    "flotilla.passive.connect-timeout=3s",
    "flotilla.passive.lease-patience=200ms",
    "flotilla.active.enabled=true",
    "flotilla.active.connect-timeout=4s",
    "flotilla.limits.stall-timeout=3s",
    "flotilla.limits.write-timeout=3s",
    "flotilla.limits.max-transfers=64",
    "flotilla.limits.max-unauthenticated-per-address=0",
    "jvm:-XX:NativeMemoryTracking=summary",
    "jvm:-Dio.netty.leakDetection.level=paranoid"
})
@Timeout(180)
abstract class UnderLoad {
    /** The address that the load comes from. */
    static final String BAD = "127.0.0.1";

    /** An address without any load. */
    static final String GOOD = "127.0.0.2";

    private static final int CLIENTS_AT_ONCE = 16;
    private static final int SPARE_DESCRIPTORS = 500;
    private static final Pattern BAD_LOG = Pattern.compile("(?m)^\\S+ ERROR .*|^\\s+at .*|^Exception .*|.*LEAK:.*");

    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS_AT_ONCE);
    private Footprint before;
    private int loggedBefore;

    ServerProcess server;
    Probe probe;
    Account account;
    Random random;

    @BeforeEach
    final void measure(ServerProcess shared) throws Exception {
        server = shared;
        account = server.newAccount();
        probe = new Probe(server);
        long seed = Long.getLong("flotilla.load.seed", new SecureRandom().nextLong());
        random = new Random(seed);
        System.out.println(getClass().getSimpleName() + ": -Dflotilla.load.seed=" + seed);
        warmUp();
        before = probe.footprint();
        loggedBefore = server.errors().length();
    }

    /** Runs a first client, because the classes and caches that it loads do not count. */
    private void warmUp() throws Exception {
        try (FtpDriver ftp = login()) {
            ftp.store("STOR warm", new byte[1]).expect(226);
            ftp.fetch("RETR warm");
            ftp.command("DELE warm").expect(250);
            ftp.command("QUIT").expect(221);
        }
        Await.until("the warm-up is over", () -> probe.status().get("connections") == 0);
    }

    @AfterEach
    final void compare() throws Exception {
        clients.shutdownNow();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        assertTrue(clients.awaitTermination(30, TimeUnit.SECONDS), "a client of this test still runs");
        assertTrue(server.isAlive(), () -> "the server is gone: " + server.errors());
        if (before == null) {
            return;
        }
        awaitBack();
        String logged = server.errors().substring(loggedBefore);
        assertFalse(BAD_LOG.matcher(logged).find(), () -> "bad input reached the log: " + logged);
    }

    private void awaitBack() throws Exception {
        try {
            Await.until("outwardly as before", () -> probe.outside().isOutwardlyBackAt(before));
            Await.until("as before", () -> probe.footprint().isBackAt(before));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nbefore: " + before + "\nnow:    " + probe.footprint(), e);
        }
    }

    final <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    final Crowd crowd() throws IOException {
        return closing(new Crowd());
    }

    /** Returns a client from an address of this machine: TLS, logged in, TYPE I, PROT P. */
    final FtpDriver login(String address, Account who) throws IOException {
        FtpDriver ftp = connect(address);
        ftp.command("AUTH TLS").expect(234);
        ftp.handshake().logIn(who).protectData();
        ftp.command("TYPE I").expect(200);
        return ftp;
    }

    /** Returns a client as {@link #login(String, Account)} does, from the address of the load. */
    final FtpDriver login() throws IOException {
        return login(BAD, account);
    }

    /** Returns a connected client that has read 220. */
    final FtpDriver connect(String address) throws IOException {
        FtpDriver ftp = closing(FtpDriver.openFrom(address, server, ClientTls.trusting(server.certificate())));
        ftp.reply().expect(220);
        return ftp;
    }

    /**
     * Fails unless a normal client gets in meanwhile. It prints the time, which depends on the load of this machine.
     */
    final FtpDriver assertLogsIn() throws IOException {
        ClientTls tls = ClientTls.trusting(server.certificate());
        long start = System.nanoTime();
        FtpDriver ftp = closing(FtpDriver.openFrom(GOOD, server, tls));
        ftp.reply().expect(220);
        ftp.command("AUTH TLS").expect(234);
        ftp.handshake().logIn(account);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.println(getClass().getSimpleName() + ": a login took " + took.toMillis() + " ms");
        return ftp;
    }

    /** Runs {@code count} clients, at most {@value #CLIENTS_AT_ONCE} at once, and waits for them all. */
    final <T> List<T> inParallel(int count, IndexedClient<T> client) throws Exception {
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            Random own = new Random(random.nextLong());
            running.add(start(() -> client.run(index, own)));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : running) {
            results.add(future.get(60, TimeUnit.SECONDS));
        }
        return results;
    }

    /** Starts work that continues during the test. */
    final <T> Future<T> start(Callable<T> client) {
        return clients.submit(client);
    }

    /** One of many clients. */
    interface IndexedClient<T> {
        /**
         * Runs the client.
         *
         * @param own random numbers of this client alone
         */
        T run(int index, Random own) throws Exception;
    }

    /** Returns how many sockets this process may still open, {@code wanted} at most. */
    static int affordable(int wanted) {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - SPARE_DESCRIPTORS;
        return (int) Math.min(wanted, free);
    }
}
