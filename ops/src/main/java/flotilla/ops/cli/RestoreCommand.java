package flotilla.ops.cli;

import flotilla.cluster.Bans.Ban;
import flotilla.cluster.Group;
import flotilla.cluster.Overrides;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.ops.account.AccountFile;
import flotilla.ops.account.AccountImport;
import flotilla.ops.account.AccountImport.Kind;
import flotilla.ops.account.UserStore;
import flotilla.ops.backup.Archive;
import flotilla.ops.backup.BanLines;
import flotilla.ops.backup.DatabaseContent;
import flotilla.ops.backup.GroupLines;
import flotilla.ops.backup.Manifest.Role;
import flotilla.ops.backup.RestoredFile;
import flotilla.ops.backup.RestoredFile.State;
import flotilla.ops.backup.SettingLines;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import flotilla.ops.local.DataDirectory;
import flotilla.ops.log.LogText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla restore}: takes back what {@code flotilla backup} has written. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the files and accounts of an archive to where they were. It checks all of the archive before it writes anything.",
            "Files that differ are kept as FILE.old. Accounts that the archive does not have stay."
        },
        footer = {
            "  flotilla restore backup.zip --dry-run",
            "  flotilla restore backup.zip --force --passphrase-file /root/passphrase"
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(
            names = "--dry-run",
            description = "Shows what would be done to each file and account, and changes nothing.")
    private boolean isDryRun;

    @Option(names = "--force", description = "Replaces files and accounts that differ.")
    private boolean force;

    @Parameters(paramLabel = "FILE", description = "Archive to read.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Archive archive = Archive.read(file, passphrase.read());
        List<RestoredFile> files = RestoredFile.of(archive);
        Configuration.Accounts place = place(files);
        AccountImport accounts = accounts(archive, place);
        List<Ban> bans = Optional.ofNullable(archive.contents().get(BanLines.ENTRY))
                .map(BanLines::read)
                .orElse(List.of());
        List<Group> groups = Optional.ofNullable(archive.contents().get(GroupLines.ENTRY))
                .map(GroupLines::read)
                .orElse(List.of());
        Map<String, Overrides.Value> settings = Optional.ofNullable(
                        archive.contents().get(SettingLines.ENTRY))
                .map(SettingLines::read)
                .orElse(Map.of());
        tell(archive, files, accounts);
        DatabaseContent here = AccountsInPlace.content(place);
        boolean replaces =
                files.stream().anyMatch(one -> one.state() == State.CHANGED) || accounts.count(Kind.CHANGED) > 0;
        for (Group group : groups) {
            replaces |= differs(
                    "group " + group.name(),
                    group,
                    here.groups().stream()
                            .filter(one -> one.name().equals(group.name()))
                            .findFirst());
        }
        bans.forEach(ban -> out().println("ban     " + ban.block()));
        for (Map.Entry<String, Overrides.Value> setting : settings.entrySet()) {
            replaces |= differs(
                    "setting " + setting.getKey(),
                    setting.getValue().value(),
                    Optional.ofNullable(here.settings().get(setting.getKey())).map(Overrides.Value::value));
        }
        if (isDryRun) {
            return 0;
        }
        if (replaces && !force) {
            throw new IllegalStateException(
                    "what is marked as changed differs from the archive, so nothing is restored (--force replaces it)");
        }
        DataDirectory.make(place.dataDir());
        for (RestoredFile one : files) {
            one.write();
        }
        try (UserStore store = AccountsInPlace.open(place)) {
            for (Group group : groups) {
                if (!store.groups().add(group)) {
                    store.groups().set(group);
                }
            }
            accounts.apply(store);
            bans.forEach(store.bans()::put);
            settings.forEach(store.settings()::put);
        }
        out().println("Restored.");
        return 0;
    }

    /**
     * Tells about a part of the database that would be new or another one.
     *
     * @return true when it would be another one
     */
    private boolean differs(String what, Object archived, Optional<?> present) {
        boolean changed = present.isPresent() && !present.get().equals(archived);
        if (present.isEmpty() || changed) {
            out().println((changed ? "changed " : "new     ") + what);
        }
        return changed;
    }

    /** Finds the accounts as the configuration in the archive says, or else the one in use here. */
    private Configuration.Accounts place(List<RestoredFile> files) throws IOException, ConfigException {
        Optional<RestoredFile> restored =
                files.stream().filter(one -> one.role() == Role.CONFIGURATION).findFirst();
        if (restored.isEmpty()) {
            return options.accounts(options.chosen());
        }
        Path copy = Files.createTempFile("flotilla-restore", ".conf"); // its mode is 0600
        try {
            Files.write(copy, restored.get().bytes());
            return options.accounts(Optional.of(copy));
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static AccountImport accounts(Archive archive, Configuration.Accounts place) throws IOException {
        byte[] lines = Optional.ofNullable(archive.contents().get("accounts.jsonl"))
                .orElseThrow(() -> new IllegalStateException("the archive has no accounts"));
        AccountImport accounts = new AccountImport(AccountsInPlace.read(place), true, user -> {}, PasswordPolicy.NONE);
        accounts.read(AccountFile.lines(new ByteArrayInputStream(lines)));
        accounts.problems().stream().findFirst().ifPresent(problem -> {
            throw new IllegalStateException(
                    "the archive's account " + problem.line() + " cannot be restored: " + problem.text());
        });
        return accounts;
    }

    private void tell(Archive archive, List<RestoredFile> files, AccountImport accounts) {
        out().println("Archive of node " + LogText.shown(archive.manifest().node()) + ", "
                + archive.manifest().created() + ", "
                + LogText.shown(archive.manifest().version()));
        files.forEach(one -> out().println(
                        word(one.state()) + " file " + LogText.shown(one.path().toString())));
        accounts.changes().forEach(change -> out().println(word(change.kind()) + " account "
                + LogText.shown(change.user().name())));
        archive.manifest().leftOut().forEach(what -> out().println("not in the archive: " + LogText.shown(what)));
        out().flush();
    }

    private static String word(Enum<?> state) {
        return String.format(Locale.ROOT, "%-7s", state.name().toLowerCase(Locale.ROOT));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
