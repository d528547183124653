package flotilla.ops.server;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.CertificateProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The certificate that a server generates for itself if none is configured. */
final class GeneratedCertificate {
    private static final Duration VALIDITY = Duration.ofDays(825);

    private GeneratedCertificate() {}

    /** Creates the file unless it exists, and the one for clients beside it. */
    static void keep(Path pem) throws IOException, CertificateProblem {
        if (!Files.exists(pem)) {
            String host = hostName();
            List<String> names = host.equals("localhost") ? List.of("localhost") : List.of("localhost", host);
            CertificateMaker.write(
                    CertificateMaker.selfSigned(KeyKind.EC, names, List.of("127.0.0.1", "::1"), VALIDITY), pem);
        }
        PublicCertificate.keep(pem);
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return name.matches("[a-z0-9.-]+") ? name : "localhost";
        } catch (IOException e) {
            return "localhost";
        }
    }
}
