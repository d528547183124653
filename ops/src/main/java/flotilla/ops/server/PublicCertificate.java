package flotilla.ops.server;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The server's certificate in a file of its own, because the file for clients must not hold the key. */
public final class PublicCertificate {
    private PublicCertificate() {}

    /** Returns the certificate's file for a generated {@code server.pem}. */
    public static Path beside(Path pem) {
        return pem.resolveSibling("certificate.pem");
    }

    /** Makes a certificate like the one that a server without any makes. It is not stored. */
    public static KeyMaterial example() throws CertificateProblem {
        return CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(1));
    }

    /** Writes that file unless it has the right content. */
    static void keep(Path pem) throws IOException, CertificateProblem {
        KeyMaterial material = read(new CertificateFiles(pem, pem, ""));
        Path file = beside(pem);
        if (!Files.exists(file) || !Files.readString(file).equals(CertificateMaker.certificates(material))) {
            CertificateMaker.writeCertificates(material, file);
        }
    }

    /** Reads the certificate of a server, and its chain. */
    public static KeyMaterial read(CertificateFiles files) throws CertificateProblem {
        return KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
    }
}
