package flotilla.ops.doctor;

import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.ClusterSettings.TlsFiles;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.config.Configuration;
import flotilla.storage.sealed.SealedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may read the files with keys and passwords. Those of the group may, as a configuration of root's group has it. */
final class Secrets implements Check {
    private static final Pattern SECRET = Pattern.compile(
            "(?im)^(?!\\s*(#|//)).*(password\\s*[=:]\\s*[^\\s\"]|password\\s*[=:]\\s*\"[^\"]|[?;&]password=).*$");
    private static final int MOST_BYTES = 4 << 20;

    @Override
    public List<Outcome> look(Patient patient) throws IOException {
        List<Outcome> found = new ArrayList<>();
        for (Path file : keys(patient.configuration())) {
            if (Files.exists(file)) {
                found.add(key(file));
            }
        }
        if (patient.file().isPresent()
                && Files.isRegularFile(patient.file().get())
                && holdsSecret(patient.file().get())) {
            found.add(file(patient.file().get(), "which holds a password"));
        }
        directory(patient.configuration().dataDir(), found);
        return found;
    }

    private static Set<Path> keys(Configuration configuration) {
        Set<Path> keys = new LinkedHashSet<>();
        configuration.node().tls().certificates().stream()
                .map(CertificateFiles::privateKey)
                .forEach(keys::add);
        configuration.made().certificate().ifPresent(keys::add);
        configuration.admin().tls().map(CertificateFiles::privateKey).ifPresent(keys::add);
        Protection protection = configuration.cluster().network().protection();
        TlsFiles tls = protection.tls();
        if (tls != null) {
            keys.add(tls.privateKey());
        }
        Path sealing = protection.keyFile();
        if (sealing != null) {
            keys.add(sealing);
        }
        configuration.node().storage().stores().forEach(store -> SealedStore.keyFile(store)
                .ifPresent(keys::add));
        return keys;
    }

    private static Outcome key(Path file) throws IOException {
        return Files.isReadable(file)
                ? file(file, "which holds a key")
                : Outcome.fail(
                        file + " cannot be read by " + System.getProperty("user.name") + ".",
                        "Run doctor as the server's user. If you do, let that user read it.");
    }

    private static Outcome file(Path file, String what) throws IOException {
        Set<PosixFilePermission> modes = modes(file);
        String text = file + ", " + what + ", has the mode " + PosixFilePermissions.toString(modes) + ".";
        return modes.contains(PosixFilePermission.OTHERS_READ) || modes.contains(PosixFilePermission.OTHERS_WRITE)
                ? Outcome.fail(text, "Every user of this machine can read or change it: chmod o-rwx " + file)
                : Outcome.ok(text);
    }

    private static void directory(Path dataDir, List<Outcome> found) throws IOException {
        if (!Files.isDirectory(dataDir)) {
            found.add(Outcome.ok("There is no data-dir " + dataDir + " yet: the first start makes it."));
            return;
        }
        Set<PosixFilePermission> modes = modes(dataDir);
        String text = "The data-dir " + dataDir + " has the mode " + PosixFilePermissions.toString(modes) + ".";
        String remedy = "chmod o-rwx " + dataDir;
        if (modes.contains(PosixFilePermission.OTHERS_WRITE)) {
            found.add(Outcome.fail(text, "Every user of this machine can put files there: " + remedy));
        } else if (modes.contains(PosixFilePermission.OTHERS_READ)) {
            found.add(Outcome.warn(text, "Every user of this machine can see what is there: " + remedy));
        } else {
            found.add(Outcome.ok(text));
        }
    }

    private static Set<PosixFilePermission> modes(Path file) throws IOException {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException noModes) {
            return Set.of();
        }
    }

    private static boolean holdsSecret(Path file) throws IOException {
        return Files.isReadable(file)
                && Files.size(file) <= MOST_BYTES
                && SECRET.matcher(Files.readString(file)).find();
    }
}
