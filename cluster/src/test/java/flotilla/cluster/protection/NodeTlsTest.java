package flotilla.cluster.protection;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.cluster.protection.NodeCertificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that certificates which cannot be used are refused with a clear message. */
class NodeTlsTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private String refusal(Issued authority, Issued node) throws IOException, GeneralSecurityException {
        TlsFiles files = new TlsFiles(
                pem("ca.pem", "CERTIFICATE", authority.certificate().getEncoded()),
                pem("node.pem", "CERTIFICATE", node.certificate().getEncoded()),
                pem("node.key", "PRIVATE KEY", node.key().getEncoded()));
        return String.valueOf(assertThrows(IllegalStateException.class, () -> NodeTls.of(files))
                .getMessage());
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + kind + "-----\n");
    }

    @Test
    void anExpiredOneIsToldWithItsDate() throws Exception {
        Issued authority = NodeCertificates.authority("cluster", DAY);
        Issued node = NodeCertificates.node(authority, "node", List.of(), List.of("127.0.0.1"), Duration.ofMinutes(-1));
        String told = refusal(authority, node);
        assertTrue(
                told.contains("this node's certificate expired on "
                        + node.certificate().getNotAfter().toInstant()),
                told);
    }

    @Test
    void oneOfAnotherAuthorityIsToldWithTheKeyOfTheAuthority() throws Exception {
        Issued node = NodeCertificates.node(
                NodeCertificates.authority("another", DAY), "node", List.of(), List.of("127.0.0.1"), DAY);
        String told = refusal(NodeCertificates.authority("cluster", DAY), node);
        assertTrue(told.contains("was not made by the authority in flotilla.cluster.tls.ca"), told);
    }
}
