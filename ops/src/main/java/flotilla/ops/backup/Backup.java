package flotilla.ops.backup;

import flotilla.cluster.User;
import flotilla.ops.account.AccountFormat;
import flotilla.ops.backup.Manifest.Entry;
import flotilla.ops.backup.Manifest.Role;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Collects what a backup holds. */
public final class Backup {
    /** Most bytes of a file. */
    private static final int LARGEST_FILE = 16 << 20;

    private static final Pattern INCLUDE = Pattern.compile("(?m)^\\s*include\\b");

    private final boolean withKeys;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Map<String, byte[]> contents = new LinkedHashMap<>();

    private Backup(boolean withKeys) {
        this.withKeys = withKeys;
    }

    /**
     * Collects the files of a configuration, and what the database holds.
     *
     * @param configFile empty when there is none
     * @param withKeys whether private keys are in it: only for an archive that is sealed
     * @throws IOException when a file cannot be read or is too large
     */
    public static Archive of(
            Optional<Path> configFile,
            Configuration configuration,
            DatabaseContent content,
            String version,
            boolean withKeys)
            throws IOException {
        Backup backup = new Backup(withKeys);
        backup.database(content);
        for (Map.Entry<Path, Role> file :
                BackupFiles.of(configFile, configuration).entrySet()) {
            if (Files.isRegularFile(file.getKey())) {
                backup.file(file.getKey(), file.getValue());
            }
        }
        backup.leftOut.add(
                "the files of users, the audit log, and what is in memory: sessions, bans that are not kept, leases");
        Manifest manifest = new Manifest(
                version,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                configuration.cluster().self().name(),
                backup.entries,
                backup.leftOut);
        return new Archive(manifest, backup.contents);
    }

    private void database(DatabaseContent content) throws IOException {
        accounts(content.users());
        if (!content.groups().isEmpty()) {
            add(GroupLines.ENTRY, Role.GROUPS, "", 0600, GroupLines.write(content.groups()));
        }
        if (!content.bans().isEmpty()) {
            add(BanLines.ENTRY, Role.BANS, "", 0600, BanLines.write(content.bans()));
        }
        if (!content.settings().isEmpty()) {
            add(SettingLines.ENTRY, Role.SETTINGS, "", 0600, SettingLines.write(content.settings()));
        }
    }

    private void accounts(Collection<User> users) {
        StringBuilder lines = new StringBuilder();
        users.forEach(user -> lines.append(AccountFormat.JSON.line(user)).append('\n'));
        add("accounts.jsonl", Role.ACCOUNTS, "", 0600, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void file(Path file, Role role) throws IOException {
        byte[] bytes = read(file);
        boolean hasKey = BackupFiles.hasKey(role, bytes);
        if (hasKey && !withKeys) {
            leftOut.add(file + ": it has a private key, which is kept only with --passphrase-file");
            return;
        }
        if (role == Role.CONFIGURATION
                && INCLUDE.matcher(new String(bytes, StandardCharsets.UTF_8)).find()) {
            leftOut.add("the files that " + file + " includes");
        }
        add("files/" + entries.size(), hasKey ? Role.KEY : role, file.toString(), mode(file), bytes);
    }

    private void add(String name, Role role, String path, int mode, byte[] bytes) {
        entries.add(new Entry(name, role, path, mode, ""));
        contents.put(name, bytes);
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new IOException(file + " has more than " + LARGEST_FILE + " bytes");
            }
            return bytes;
        }
    }

    private static int mode(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (mode.contains(PosixFilePermission.OTHERS_READ)) {
            return 0644;
        }
        return mode.contains(PosixFilePermission.GROUP_READ) ? 0640 : 0600;
    }
}
