package flotilla.cluster.hazelcast;

import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.cluster.protection.NodeCertificates;
import flotilla.cluster.protection.NodeCertificates.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Makes files with authorities and certificates of nodes for tests. */
public final class TestCertificates {
    private static final Duration VALIDITY = Duration.ofDays(1);
    private static final TlsFiles FILES = make();

    private TestCertificates() {}

    /** Files of the one authority that all tests share. */
    public static TlsFiles files() {
        return FILES;
    }

    /** Files of a new authority. */
    public static TlsFiles make() {
        try {
            Path directory = Files.createTempDirectory("flotilla-certificates");
            Issued authority = NodeCertificates.authority("test cluster", VALIDITY);
            Issued node = NodeCertificates.node(authority, "node", List.of(), List.of("127.0.0.1"), VALIDITY);
            TlsFiles files =
                    new TlsFiles(directory.resolve("ca.pem"), directory.resolve("node.pem"), directory.resolve("key"));
            write(files.ca(), "CERTIFICATE", authority.certificate().getEncoded());
            write(files.certificate(), "CERTIFICATE", node.certificate().getEncoded());
            write(files.privateKey(), "PRIVATE KEY", node.key().getEncoded());
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String kind, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + kind + "-----\n");
        file.toFile().deleteOnExit();
    }
}
