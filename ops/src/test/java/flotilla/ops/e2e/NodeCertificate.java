package flotilla.ops.e2e;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.KeyMaterial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A cluster's authority, and one certificate that all nodes show each other and clients. */
public final class NodeCertificate {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private NodeCertificate() {}

    /**
     * Creates them.
     *
     * @return the settings that name them
     */
    public static List<String> settings(Path directory) throws Exception {
        Path ca = directory.resolve("node-ca.pem");
        Path certificate = directory.resolve("node.pem");
        Path key = directory.resolve("node.key");
        KeyMaterial authority = CertificateMaker.authority("test cluster", VALIDITY);
        CertificateMaker.write(authority, ca, directory.resolve("node-ca.key"));
        CertificateMaker.write(
                CertificateMaker.node(authority, "node", List.of(), List.of("127.0.0.1"), VALIDITY), certificate, key);
        return List.of(
                "flotilla.cluster.tls.ca=" + ca,
                "flotilla.cluster.tls.certificate=" + certificate,
                "flotilla.cluster.tls.private-key=" + key,
                "flotilla.tls.certificate=" + certificate,
                "flotilla.tls.private-key=" + key);
    }
}
