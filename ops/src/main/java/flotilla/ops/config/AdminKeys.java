package flotilla.ops.config;

import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of the admin API. */
final class AdminKeys {
    private static final String BIND = "flotilla.admin.bind";
    private static final String HEALTH = "flotilla.admin.health-connections";
    private static final String CERTIFICATE = "flotilla.admin.tls.certificate";

    private final Keys keys;
    private final Path dataDir;

    AdminKeys(Keys keys, Path dataDir) {
        this.keys = keys;
        this.dataDir = dataDir;
    }

    AdminSettings read() {
        List<InetAddress> bind = keys.addresses(BIND);
        if (bind.size() > 1) {
            keys.note(BIND, "must be one address");
        }
        InetAddress address = bind.isEmpty() ? InetAddress.getLoopbackAddress() : bind.get(0);
        boolean enabled = keys.flag("flotilla.admin.enabled");
        Optional<CertificateFiles> tls = tls();
        boolean clear = keys.flag("flotilla.admin.accept-clear-text");
        if (enabled && !address.isLoopbackAddress() && tls.isEmpty() && !clear) {
            keys.note(
                    BIND,
                    "is not loopback: tokens would cross the network in clear text. Set " + CERTIFICATE
                            + ", or flotilla.admin.accept-clear-text = true");
        }
        int connections = keys.number("flotilla.admin.max-connections", 2, 10_000);
        int health = keys.number(HEALTH, 1, 10_000);
        if (health >= connections) {
            keys.note(HEALTH, "must be less than flotilla.admin.max-connections");
        }
        return new AdminSettings(
                enabled,
                address,
                keys.number("flotilla.admin.port", 0, 65535),
                keys.path("flotilla.admin.tokens-file", dataDir.resolve("admin-tokens")),
                tls,
                connections,
                health,
                keys.duration("flotilla.admin.receive-timeout", Duration.ofMillis(100)),
                keys.number("flotilla.admin.max-body", 1_024, 16 << 20),
                keys.duration("flotilla.admin.node-timeout", Duration.ofMillis(100)),
                new ConsoleKeys(keys).read());
    }

    private Optional<CertificateFiles> tls() {
        String certificate = keys.text(CERTIFICATE);
        if (certificate.isEmpty()) {
            return Optional.empty();
        }
        Path file = Path.of(certificate).toAbsolutePath();
        CertificateFiles files = new CertificateFiles(file, keys.path("flotilla.admin.tls.private-key", file), "");
        try {
            KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
        } catch (CertificateProblem problem) {
            keys.note(CERTIFICATE, files.certificate() + ": " + problem.getMessage());
        }
        return Optional.of(files);
    }
}
