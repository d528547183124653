package flotilla.ops.cli;

import flotilla.ops.backup.Archive;
import flotilla.ops.backup.Backup;
import flotilla.ops.config.Configuration;
import flotilla.ops.local.PrivateFile;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla backup}: configuration, accounts and certificates in one archive. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the configuration, the accounts and groups, the bans that are kept, the settings of flotilla set, the lists of names and addresses, the hashes of tokens and the certificates into one archive, with the server running or not.",
            "Private keys are in it only with a passphrase, which seals all of it. The files of users are not in it."
        },
        footer = {
            "  flotilla backup backup.zip --passphrase-file /root/passphrase",
            "  flotilla backup backup.zip --force"
        })
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--force", description = "Replaces an archive that is there.")
    private boolean force;

    @Parameters(paramLabel = "FILE", description = "Archive to write. It gets the mode 0600.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (Files.exists(file) && !force) {
            throw new IllegalStateException(file + " is there already (--force replaces it)");
        }
        Optional<String> secret = passphrase.read();
        Configuration configuration = options.inForce();
        Optional<Path> configFile = options.chosen().filter(Files::isRegularFile);
        Configuration.Accounts place = options.accounts(options.chosen());
        Archive archive = Backup.of(
                configFile,
                configuration,
                AccountsInPlace.content(place),
                new FlotillaCommand.Version().getVersion()[0],
                secret.isPresent());
        PrivateFile.write(file, archive.write(secret), PosixFilePermissions.fromString("rw-------"));
        tell(archive, configFile);
        return 0;
    }

    private void tell(Archive archive, Optional<Path> configFile) {
        PrintWriter out = spec.commandLine().getOut();
        archive.manifest()
                .entries()
                .forEach(entry -> out.println("  "
                        + switch (entry.role()) {
                            case ACCOUNTS -> "all accounts";
                            case GROUPS -> "all groups";
                            case BANS -> "all bans that are kept";
                            case SETTINGS -> "all settings of flotilla set";
                            default -> entry.path();
                        }));
        archive.manifest().leftOut().forEach(what -> out.println("left out: " + what));
        if (configFile.isEmpty()) {
            out.println("left out: a configuration file, for none is in use. Keep the options --set.");
        }
        out.println("Written to " + file + ". It has the hashes of passwords in it: keep it like them.");
        out.flush();
    }
}
