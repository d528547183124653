package flotilla.ops.setup;

import flotilla.cluster.protection.ClusterKey;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The certificates and keys with which nodes prove to each other that they belong to one cluster. They lie beside the
 * configuration. The authority's own key lies in a directory below, for root only, on the node that invites others.
 */
final class ClusterFiles {
    static final String AUTHORITY = "cluster-ca.pem";
    static final String KEY = "cluster.key";
    static final String NODE = "node.pem";
    static final String NODE_KEY = "node.key";

    private static final String SAFE = "authority";
    private static final String AUTHORITY_KEY = "cluster-ca.key";
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration NODE_LIFE = Duration.ofDays(825);

    private final Path directory;
    private final Path safe;

    /** @param directory that of the configuration */
    ClusterFiles(Path directory) {
        this.directory = directory;
        this.safe = directory.resolve(SAFE);
    }

    /** Makes authority, key, and the certificate of the first node. Replaces none that are there. */
    List<Path> make(Member first) throws IOException, CertificateProblem {
        if (!Files.exists(safe)) {
            Files.createDirectory(
                    safe, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path key = directory.resolve(KEY);
        if (!Files.exists(safe.resolve(AUTHORITY_KEY))) {
            CertificateMaker.write(
                    CertificateMaker.authority("Flotilla cluster", AUTHORITY_LIFE),
                    safe.resolve(AUTHORITY),
                    safe.resolve(AUTHORITY_KEY));
        }
        if (!Files.exists(key)) {
            ClusterKey.create(key);
        }
        Files.writeString(directory.resolve(AUTHORITY), Files.readString(safe.resolve(AUTHORITY)));
        CertificateMaker.write(certificate(first), directory.resolve(NODE), directory.resolve(NODE_KEY));
        return List.of(directory.resolve(AUTHORITY), key, directory.resolve(NODE), directory.resolve(NODE_KEY));
    }

    /** Returns true when this machine can sign certificates of nodes. */
    boolean hasAuthority() {
        return Files.exists(safe.resolve(AUTHORITY_KEY));
    }

    /** Returns the directory with the authority's key. */
    Path safe() {
        return safe;
    }

    /** Returns the files of another node, by name. */
    Map<String, String> of(Member member) throws IOException, CertificateProblem {
        Path made = Files.createTempDirectory(safe, "node");
        try {
            Path certificate = made.resolve(NODE);
            Path key = made.resolve(NODE_KEY);
            CertificateMaker.write(certificate(member), certificate, key);
            Map<String, String> files = new LinkedHashMap<>();
            files.put(AUTHORITY, Files.readString(safe.resolve(AUTHORITY)));
            files.put(KEY, Files.readString(directory.resolve(KEY)));
            files.put(NODE, Files.readString(certificate));
            files.put(NODE_KEY, Files.readString(key));
            Files.delete(certificate);
            Files.delete(key);
            return files;
        } finally {
            Files.delete(made);
        }
    }

    private KeyMaterial certificate(Member member) throws IOException, CertificateProblem {
        KeyMaterial authority = KeyMaterial.read(safe.resolve(AUTHORITY), safe.resolve(AUTHORITY_KEY), "");
        return CertificateMaker.node(
                authority,
                member.name(),
                member.isNumeric() ? List.of() : List.of(member.address()),
                member.isNumeric() ? List.of(member.address()) : List.of(),
                NODE_LIFE);
    }
}
