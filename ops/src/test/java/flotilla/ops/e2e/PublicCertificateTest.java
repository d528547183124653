package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The certificate file for clients holds no key. */
class PublicCertificateTest extends EndToEnd {
    @Test
    void itsFileIsEnoughToConnect() throws Exception {
        Path file = server.dataDirectory().resolve("tls").resolve("certificate.pem");
        assertFalse(Files.readString(file).contains("PRIVATE"));
        try (FtpDriver ftp = FtpDriver.secured(server, ClientTls.trusting(file))) {
            ftp.logIn(account);
        }
    }

    @Test
    void itCanBeExported() throws Exception {
        Path file = server.dataDirectory().resolve("tls").resolve("certificate.pem");
        Command.Result shown = Command.run("cert", "export", "--set", "flotilla.data-dir=" + server.dataDirectory());
        assertEquals(0, shown.exit(), shown.err());
        assertEquals(Files.readString(file), shown.out());
        Path copy = server.dataDirectory().resolve("copy.pem");
        server.flotilla("cert", "export", copy.toString());
        assertTrue(Files.readString(copy).equals(Files.readString(file)));
    }
}
