package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate that is replaced while sessions use it (protocol.md, A-TLS-28). */
@Timeout(120)
class CertificateReloadTest {
    private static final byte[] CONTENT = new byte[100_000];

    @TempDir
    Path directory;

    private static void certificate(Path file) throws Exception {
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of("127.0.0.1"), Duration.ofDays(2)),
                file);
    }

    @ParameterizedTest(
            name = "A-TLS-28 a session from before goes on under require, new ones get the new certificate: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void reload(String version) throws Exception {
        Path served = directory.resolve("served.pem");
        Path first = directory.resolve("first.pem");
        certificate(first);
        Files.copy(first, served);
        try (ServerProcess server =
                ServerProcess.start("flotilla.tls.certificate=" + served, "flotilla.tls.data-session-reuse=require")) {
            Account account = server.newAccount();
            ClientTls old = ClientTls.trusting(first, version);
            try (FtpDriver ftp = FtpDriver.loggedIn(server, old, account)) {
                ftp.store("STOR before", CONTENT).expect(226);
                Files.delete(served);
                certificate(served);
                server.flotilla("reload");
                for (int i = 0; i < 3; i++) {
                    ftp.store("STOR f" + i, CONTENT).expect(226);
                    assertArrayEquals(CONTENT, ftp.fetch("RETR f" + i));
                    ftp.listing("MLSD");
                }
            }
            assertThrows(IOException.class, () -> {
                try (FtpDriver late = FtpDriver.secured(server, ClientTls.trusting(first, version))) {
                    late.command("NOOP").expect(200);
                }
            });
            try (FtpDriver fresh = FtpDriver.loggedIn(server, ClientTls.trusting(served, version), account)) {
                assertArrayEquals(CONTENT, fresh.fetch("RETR before"));
            }
        }
    }
}
