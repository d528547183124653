package flotilla.ops.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Gives every end-to-end test a server, an account of its own, and drivers that are closed afterwards. */
@WithServer({"flotilla.active.enabled=true", "flotilla.protocol.hosts=ftp.example.test,files.example.test"})
@Timeout(120)
public abstract class EndToEnd {
    protected static final byte[] TEN = "0123456789".getBytes(StandardCharsets.US_ASCII);

    protected ServerProcess server;
    protected Account account;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeEach
    final void prepare(ServerProcess shared) {
        server = shared;
        account = shared.newAccount();
    }

    @AfterEach
    final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    protected final <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    protected ClientTls client(String... versions) {
        return ClientTls.trusting(server.certificate(), versions);
    }

    /** Returns a driver on the explicit port. 220 is read; there is no TLS. */
    protected FtpDriver plain() throws IOException {
        FtpDriver driver = closing(FtpDriver.open(server, client()));
        driver.reply().expect(220);
        return driver;
    }

    /** Returns a driver with TLS and without a login. */
    protected FtpDriver secured(String... versions) throws IOException {
        return closing(FtpDriver.secured(server, client(versions)));
    }

    /** Returns a driver with TLS, login, PROT P and TYPE I. */
    protected FtpDriver login(String... versions) throws IOException {
        return login(account, versions);
    }

    protected FtpDriver login(Account who, String... versions) throws IOException {
        return closing(FtpDriver.loggedIn(server, client(versions), who));
    }

    protected Path file(String name) {
        return account.home().resolve(name);
    }

    protected Path write(String name, byte[] content) throws IOException {
        return Files.write(file(name), content);
    }

    protected Path write(String name, String content) throws IOException {
        return Files.writeString(file(name), content);
    }

    /** Returns the same bytes every time. */
    protected static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
