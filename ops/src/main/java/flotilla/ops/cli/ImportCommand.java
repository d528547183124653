package flotilla.ops.cli;

import flotilla.ops.local.PrivateFile;
import flotilla.ops.log.LogText;
import flotilla.ops.migrate.ForeignAccounts;
import flotilla.ops.migrate.Note;
import flotilla.ops.migrate.Proftpd;
import flotilla.ops.migrate.PureFtpd;
import flotilla.ops.migrate.Translation;
import flotilla.ops.migrate.Vsftpd;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla import}: takes over the set-up of another server. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Takes over the set-up of another server.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ImportHostsCommands.Allow.class, ImportHostsCommands.Deny.class})
final class ImportCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "a command is missing: vsftpd, proftpd, pure-ftpd-conf, hosts-allow, hosts-deny, shadow, htpasswd or"
                        + " pure-ftpd");
    }

    @Command(
            name = "vsftpd",
            mixinStandardHelpOptions = true,
            description = {
                "Translates a vsftpd.conf into a configuration with a comment for each key.",
                "Each setting without a counterpart is told with its line, and what to do instead. Accounts are not imported."
            },
            footer = {
                "  flotilla import vsftpd /etc/vsftpd.conf",
                "  flotilla import vsftpd /etc/vsftpd.conf --out flotilla.conf"
            })
    int vsftpd(
            @Parameters(paramLabel = "FILE", description = "The vsftpd.conf.") Path file,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Configuration to write; it must not exist. Default: standard output.")
                    @Nullable Path out,
            @Option(names = "--dry-run", description = "Only tells what has no counterpart.") boolean isDryRun)
            throws IOException {
        return translated(file, Vsftpd.translate(file), out, isDryRun);
    }

    @Command(
            name = "proftpd",
            mixinStandardHelpOptions = true,
            description = {
                "Translates a proftpd.conf into a configuration with a comment for each key.",
                "Each directive without a counterpart is told with its line, and what to do instead."
            },
            footer = {
                "  flotilla import proftpd /etc/proftpd/proftpd.conf --out flotilla.conf --accounts accounts.jsonl",
                "  flotilla user import accounts.jsonl"
            })
    int proftpd(
            @Parameters(paramLabel = "FILE", description = "The proftpd.conf. Files that it includes are not read.")
                    Path file,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Configuration to write; it must not exist. Default: standard output.")
                    @Nullable Path out,
            @Option(
                            names = "--accounts",
                            paramLabel = "FILE",
                            description = "Writes the accounts of AuthUserFile for user import; it must not exist.")
                    @Nullable Path accounts,
            @Option(names = "--dry-run", description = "Only tells what has no counterpart.") boolean isDryRun)
            throws IOException {
        Proftpd.Result result = Proftpd.translate(file);
        translated(file, result.translation(), out, isDryRun);
        if (accounts == null || isDryRun) {
            return 0;
        }
        if (result.accounts().size() != 1) {
            throw new IllegalStateException("--accounts needs a file with one AuthUserFile, and it has "
                    + result.accounts().size());
        }
        Path users = result.accounts().get(0);
        return accounts(
                users,
                ForeignAccounts.read(users, ForeignAccounts.homes(users), ForeignAccounts.superusers(users)),
                accounts);
    }

    @Command(
            name = "pure-ftpd-conf",
            mixinStandardHelpOptions = true,
            description = {
                "Translates a pure-ftpd.conf, or Debian's directory of such settings, into a configuration.",
                "Each setting without a counterpart is told with its line, and what to do instead. Accounts are not imported."
            },
            footer = {
                "  flotilla import pure-ftpd-conf /etc/pure-ftpd/pure-ftpd.conf --out flotilla.conf",
                "  flotilla import pure-ftpd-conf /etc/pure-ftpd/conf --dry-run"
            })
    int pureFtpdConf(
            @Parameters(paramLabel = "FILE", description = "The pure-ftpd.conf, or a directory.") Path file,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Configuration to write; it must not exist. Default: standard output.")
                    @Nullable Path out,
            @Option(names = "--dry-run", description = "Only tells what has no counterpart.") boolean isDryRun)
            throws IOException {
        return translated(file, PureFtpd.translate(file), out, isDryRun);
    }

    private int translated(Path file, Translation translation, @Nullable Path out, boolean isDryRun)
            throws IOException {
        tell(file, translation.notes());
        if (!isDryRun) {
            write(translation.text(), out, "Written to " + out + ". Check it: flotilla check " + out);
        }
        return 0;
    }

    @Command(
            name = "shadow",
            mixinStandardHelpOptions = true,
            description = {
                "Writes the accounts of a shadow file for user import. Names without a password are left out.",
                "root, names with uid 0 and accounts that have ended are disabled, and told.",
                "Passwords are kept (MD5, SHA-256, SHA-512, bcrypt). Lines with other hashes are told: those need user passwd."
            },
            footer = {
                "  flotilla import shadow /etc/shadow --passwd /etc/passwd --out accounts.jsonl",
                "  flotilla user import accounts.jsonl"
            })
    int shadow(
            @Parameters(paramLabel = "FILE", description = "The shadow file.") Path file,
            @Option(
                            names = "--passwd",
                            paramLabel = "FILE",
                            description = "Takes the homes of users, and who has uid 0, from this file.")
                    @Nullable Path passwd,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "File to write; it must not exist. Default: standard output.")
                    @Nullable Path out)
            throws IOException {
        Set<String> superusers = new HashSet<>(Set.of("root"));
        Map<String, String> homes = Map.of();
        if (passwd != null) {
            homes = ForeignAccounts.homes(passwd);
            superusers.addAll(ForeignAccounts.superusers(passwd));
        }
        return accounts(file, ForeignAccounts.read(file, homes, superusers), out);
    }

    @Command(
            name = "htpasswd",
            mixinStandardHelpOptions = true,
            description = "Writes the accounts of an htpasswd file for user import. Passwords are kept (MD5, bcrypt).",
            footer = "  flotilla import htpasswd /etc/ftp.htpasswd --out accounts.jsonl")
    int htpasswd(
            @Parameters(paramLabel = "FILE", description = "The htpasswd file.") Path file,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "File to write; it must not exist. Default: standard output.")
                    @Nullable Path out)
            throws IOException {
        return accounts(file, ForeignAccounts.read(file, Map.of(), Set.of()), out);
    }

    @Command(
            name = "pure-ftpd",
            mixinStandardHelpOptions = true,
            description = {
                "Writes the accounts of a pureftpd.passwd for user import: homes, rates, quotas, sessions and networks.",
                "Passwords are kept. An account with a restriction that has no counterpart is disabled."
            },
            footer = "  flotilla import pure-ftpd /etc/pure-ftpd/pureftpd.passwd --out accounts.jsonl")
    int pureFtpd(
            @Parameters(paramLabel = "FILE", description = "The pureftpd.passwd.") Path file,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "File to write; it must not exist. Default: standard output.")
                    @Nullable Path out)
            throws IOException {
        return accounts(file, ForeignAccounts.pureFtpd(file), out);
    }

    private int accounts(Path file, ForeignAccounts accounts, @Nullable Path out) throws IOException {
        tell(file, accounts.notes());
        String text = String.join("\n", accounts.lines()) + (accounts.lines().isEmpty() ? "" : "\n");
        write(
                text,
                out,
                accounts.lines().size() + " accounts written to " + out + ". Then: flotilla user import " + out
                        + ", and flotilla user passwd NAME for each one that is told to have no password.");
        return 0;
    }

    private void tell(Path file, List<Note> notes) {
        notes.forEach(note -> spec.commandLine()
                .getErr()
                .println(file + ":" + note.line() + ": " + LogText.shown(note.setting()) + ": " + note.advice()));
    }

    private void write(String text, @Nullable Path out, String done) throws IOException {
        PrintWriter printed = spec.commandLine().getOut();
        if (out == null) {
            printed.print(text);
        } else {
            refuseExisting(out);
            PrivateFile.write(out, text);
            printed.println(done);
        }
        printed.flush();
    }

    private static void refuseExisting(Path out) {
        if (Files.exists(out)) {
            throw new IllegalStateException(out + " is there already");
        }
    }
}
