package flotilla.ops.cli;

import flotilla.cluster.User;
import flotilla.ops.account.AccountFile;
import flotilla.ops.account.AccountFormat;
import flotilla.ops.account.AccountImport;
import flotilla.ops.account.AccountImport.Kind;
import flotilla.ops.account.AccountImport.Problem;
import flotilla.ops.account.UserStore;
import flotilla.ops.local.PrivateFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla user export} and {@code flotilla user import}: all accounts as a file. */
final class UserFileCommands {
    private UserFileCommands() {}

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes all accounts with the hashes of their passwords. The file gets the mode 0600.",
            footer = {"  flotilla user export accounts.jsonl", "  flotilla user export accounts.csv --format csv"})
    static final class Export extends UserCommand.Base {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "File to write. Default: standard output.")
        private @Nullable Path file;

        @Option(
                names = "--format",
                paramLabel = "json|csv",
                defaultValue = "json",
                description = "json: one object a line. csv: with a heading; lists are JSON arrays in their cells.")
        private AccountFormat format = AccountFormat.JSON;

        @Override
        void act(UserStore store) throws IOException {
            StringBuilder text = new StringBuilder();
            format.heading().forEach(line -> text.append(line).append('\n'));
            List<User> users = List.copyOf(AccountImport.all(store).values());
            users.forEach(user -> text.append(format.line(user)).append('\n'));
            if (file == null) {
                out().print(text);
                out().flush();
                return;
            }
            PrivateFile.write(file, text.toString());
            out().println(users.size() + " accounts written to " + file + ".");
        }
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Adds the accounts of a file that user export wrote, JSON lines or CSV. A key that is missing has its usual value.",
                "The key password sets a password, which must be as users.password says; passwordHash, its hash.",
                "Nothing is imported when any line is wrong. Accounts that are there and the same are left alone."
            },
            footer = {
                "  flotilla user import accounts.jsonl --dry-run",
                "  flotilla user import accounts.csv --update --skip-wrong"
            })
    static final class Import extends UserCommand.Base {
        private static final int SHOWN = 1_000;

        @Parameters(paramLabel = "FILE", description = "File to read; - for standard input.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(names = "--dry-run", description = "Shows what would be done, account by account, and changes nothing.")
        private boolean isDryRun;

        @Option(
                names = "--update",
                description = "Changes accounts that are there and differ. Otherwise such a line is wrong.")
        private boolean update;

        @Option(names = "--skip-wrong", description = "Imports the other lines when some are wrong.")
        private boolean skipWrong;

        @Override
        void act(UserStore store) throws IOException {
            AccountImport accounts = new AccountImport(AccountImport.all(store), update, this::check, policy());
            accounts.read(lines());
            List<Problem> problems = accounts.problems();
            problems.stream().limit(SHOWN).forEach(problem -> err().println(
                            file + ":" + problem.line() + ": " + problem.text()));
            if (!problems.isEmpty() && !skipWrong) {
                throw new IllegalStateException(
                        problems.size() + " lines are wrong, so nothing is imported (--skip-wrong imports the others)");
            }
            if (isDryRun) {
                accounts.changes()
                        .forEach(change -> out().println(change.kind().name().toLowerCase(Locale.ROOT) + " "
                                + change.user().name()));
            } else {
                accounts.apply(store);
            }
            out().println((isDryRun ? "Would import: " : "Imported: ") + accounts.count(Kind.NEW) + " new, "
                    + accounts.count(Kind.CHANGED) + " changed, " + accounts.count(Kind.SAME) + " the same, "
                    + problems.size() + " wrong.");
        }

        private List<String> lines() throws IOException {
            if (file.toString().equals("-")) {
                return AccountFile.lines(new BufferedInputStream(System.in));
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                return AccountFile.lines(in);
            }
        }
    }
}
