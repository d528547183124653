package flotilla.ops.backup;

import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.backup.Manifest.Role;
import flotilla.ops.config.Configuration;
import flotilla.storage.sealed.SealedStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files of a configuration that a backup holds. */
final class BackupFiles {
    private final Map<Path, Role> files = new LinkedHashMap<>();

    private BackupFiles() {}

    /** Returns the files by their absolute paths. Some need not exist. */
    static Map<Path, Role> of(Optional<Path> configFile, Configuration configuration) {
        BackupFiles all = new BackupFiles();
        all.add(Role.TOKENS, configuration.admin().tokensFile());
        all.add(Role.LIST, configuration.node().login().userList().file());
        all.add(Role.LIST, configuration.node().access().allow());
        all.add(Role.LIST, configuration.node().access().deny());
        configuration.node().tls().certificates().forEach(all::add);
        all.add(Role.CERTIFICATE, configuration.node().tls().clientCa());
        all.add(Role.CERTIFICATE, configuration.node().tls().clientCrl());
        configuration.admin().tls().ifPresent(all::add);
        Protection protection = configuration.cluster().network().protection();
        TlsFiles cluster = protection.tls();
        if (cluster != null) {
            all.add(Role.CERTIFICATE, cluster.ca());
            all.add(Role.CERTIFICATE, cluster.certificate());
            all.add(Role.KEY, cluster.privateKey());
        }
        all.add(Role.KEY, Optional.ofNullable(protection.keyFile()));
        configuration.node().storage().stores().forEach(store -> all.add(Role.KEY, SealedStore.keyFile(store)));
        all.add(Role.CONFIGURATION, configFile);
        return all.files;
    }

    private void add(CertificateFiles pair) {
        add(Role.CERTIFICATE, pair.certificate());
        add(Role.KEY, pair.privateKey());
    }

    private void add(Role role, Optional<Path> file) {
        file.ifPresent(path -> add(role, path));
    }

    private void add(Role role, Path file) {
        files.putIfAbsent(file.toAbsolutePath().normalize(), role);
    }

    /** Returns whether a file has a private key: by its role, as PEM, or as PKCS#12, which is binary. */
    static boolean hasKey(Role role, byte[] bytes) {
        if (role != Role.CERTIFICATE) {
            return role == Role.KEY;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains("PRIVATE KEY") || !text.contains("-----BEGIN ");
    }
}
