package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.ops.clients.TestCa;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client certificates, made by openssl (protocol.md, A-TLS-17). */
class MutualTlsAcceptanceTest {
    @TempDir
    static Path directory;

    private static ServerProcess server;
    private static TestCa ca;
    private static TestCa otherCa;
    private FtpDriver ftp;

    @BeforeAll
    static void start() throws Exception {
        ca = TestCa.create(directory.resolve("ca"), "Test CA");
        otherCa = TestCa.create(directory.resolve("other"), "Other CA");
        server = ServerProcess.start(
                "flotilla.tls.client-certificates=request", "flotilla.tls.client-ca=" + ca.certificate());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @AfterEach
    void close() throws IOException {
        if (ftp != null) {
            ftp.close();
        }
    }

    private Account account(String subject) {
        Account account = server.newAccount();
        server.flotilla("user", "set", account.name(), "--certificate", subject);
        return account;
    }

    private FtpDriver connect(ClientTls client) throws IOException {
        ftp = FtpDriver.secured(server, client);
        return ftp;
    }

    @ParameterizedTest(name = "A-TLS-17 the right certificate logs in with 232, data connections included: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void rightCertificate(String version) throws Exception {
        Account account = account("CN=alice");
        ClientTls alice = ClientTls.withCertificate(server.certificate(), ca.issue("alice", 30), version);
        connect(alice).command("USER " + account.name()).expect(232);
        ftp.protectData();
        ftp.command("TYPE I").expect(200);
        ftp.store("STOR f", new byte[100]).expect(226);
        assertEquals(100, ftp.fetch("RETR f").length);
    }

    @Test
    @DisplayName("A-TLS-17 a certificate of somebody else leaves the password to decide")
    void wrongUser() throws Exception {
        Account account = account("CN=alice");
        connect(ClientTls.withCertificate(server.certificate(), ca.issue("mallory", 30)))
                .command("USER " + account.name())
                .expect(331);
        ftp.command("PASS wrong").expect(530);
        ftp.logIn(account);
    }

    @Test
    @DisplayName("A-TLS-17 without a certificate the password decides")
    void noCertificate() throws Exception {
        Account account = account("CN=alice");
        connect(ClientTls.trusting(server.certificate())).logIn(account);
    }

    @Test
    @DisplayName("A-TLS-17 an expired certificate and one of an unknown authority log nobody in")
    void badCertificates() throws Exception {
        Account account = account("CN=alice");
        for (Path bad : new Path[] {ca.issue("alice", -1), otherCa.issue("alice", 30)}) {
            assertThrows(IOException.class, () -> {
                try (FtpDriver driver =
                        FtpDriver.secured(server, ClientTls.withCertificate(server.certificate(), bad))) {
                    if (driver.command("USER " + account.name()).code() != 232) {
                        throw new IOException("no login by certificate");
                    }
                }
            });
        }
    }

    @ParameterizedTest(name = "A-TLS-17 a data connection with no certificate or another one gets 522: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void dataConnections(String version) throws Exception {
        Account account = account("CN=alice");
        connect(ClientTls.withCertificate(server.certificate(), ca.issue("alice", 30), version))
                .command("USER " + account.name())
                .expect(232);
        ftp.protectData();
        ClientTls[] others = {
            ClientTls.trusting(server.certificate(), version),
            ClientTls.withCertificate(server.certificate(), ca.issue("bob", 30), version)
        };
        for (ClientTls other : others) {
            try (DataChannel data = ftp.epsv()) {
                ftp.command("LIST").expect(150);
                try {
                    data.secure(other, server.explicitPort()).readAll();
                } catch (IOException refused) {
                    assertEquals(false, refused instanceof java.net.SocketTimeoutException);
                }
                ftp.reply().expect(522);
            }
        }
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-TLS-17 a revoked certificate gets no connection, one revoked later neither; others do")
    void revoked() throws Exception {
        TestCa own = TestCa.create(directory.resolve("revoking"), "Revoking CA");
        Path alice = own.issue("alice", 30);
        Path mallory = own.issue("mallory", 30);
        Path list = own.revoke(30, "mallory30");
        try (ServerProcess checking = ServerProcess.start(
                "flotilla.tls.client-certificates=require",
                "flotilla.tls.client-ca=" + own.certificate(),
                "flotilla.tls.client-crl=" + list)) {
            ClientTls good = ClientTls.withCertificate(checking.certificate(), alice);
            ClientTls bad = ClientTls.withCertificate(checking.certificate(), mallory);
            assertConnects(checking, good);
            assertRefused(checking, bad);
            own.revoke(30, "alice30", "mallory30");
            checking.flotilla("reload");
            assertRefused(checking, ClientTls.withCertificate(checking.certificate(), alice));
        }
    }

    private static void assertConnects(ServerProcess checking, ClientTls client) throws IOException {
        try (FtpDriver driver = FtpDriver.secured(checking, client)) {
            driver.command("NOOP").expect(200);
        }
    }

    private static void assertRefused(ServerProcess checking, ClientTls client) {
        assertThrows(IOException.class, () -> assertConnects(checking, client));
    }
}
