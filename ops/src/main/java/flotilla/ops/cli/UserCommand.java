package flotilla.ops.cli;

import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.ops.account.AccountName;
import flotilla.ops.account.GeneratedPassword;
import flotilla.ops.account.UserStore;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.Configuration;
import flotilla.ops.log.LogText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla user}: manages accounts, whether the server runs or not. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Manages accounts, with the server running or not.",
        subcommands = {
            UserCommand.Add.class,
            UserCommand.Passwd.class,
            UserCommand.Set.class,
            UserCommand.ListAll.class,
            UserShowCommand.class,
            UserStateCommands.Disable.class,
            UserStateCommands.Enable.class,
            RecountCommand.class,
            UserCommand.Remove.class,
            UserFileCommands.Export.class,
            UserFileCommands.Import.class
        })
final class UserCommand implements Runnable {
    private static final int PAGE = 500;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "a command is missing: add, passwd, set, list, show, disable, enable, recount, remove, export or import");
    }

    /** The common part of these subcommands. */
    abstract static class Base implements Callable<Integer> {
        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        private @Nullable HomeCheck homes;
        private PasswordPolicy policy = PasswordPolicy.NONE;

        @Override
        public Integer call() throws Exception {
            Configuration configuration = options.load();
            homes = new HomeCheck(configuration);
            policy = configuration.passwords();
            noteNewDatabase(configuration);
            try (UserStore store = UserStores.open(
                    configuration.dataDir(),
                    configuration.cluster().database(),
                    configuration.log().audit())) {
                act(store);
            }
            return 0;
        }

        /** A command without the server's configuration would tell of success, and change a database of its own. */
        private void noteNewDatabase(Configuration configuration) {
            Path dataDir = configuration.dataDir();
            if (configuration.cluster().database().isEmbeddedIn(dataDir)
                    && !Files.exists(dataDir.resolve("users.mv.db"))) {
                spec.commandLine()
                        .getErr()
                        .println("note: no server runs with " + dataDir + ", and it has no accounts yet: a new database"
                                + " is made there. --config FILE or --set flotilla.data-dir=DIR names another place.");
            }
        }

        abstract void act(UserStore store) throws Exception;

        /** Refuses a home that cannot be meant, and prints a note about a home outside of the storage root. */
        final void checkHome(String home) {
            if (homes != null) {
                homes.note(home).ifPresent(out()::println);
            }
        }

        /** Refuses a home that cannot be meant, or networks that are none. */
        final void check(User user) {
            if (homes != null) {
                homes.note(user.home());
            }
            AccountValues.networks(user.allowedNetworks());
        }

        /** Returns what new passwords must be like. */
        final PasswordPolicy policy() {
            return policy;
        }

        /** Reads a new password, or makes one. */
        final String newPassword(String user, boolean fromStdin) throws IOException {
            if (!fromStdin) {
                return GeneratedPassword.next(policy.minLength());
            }
            String password = Passwords.fromStandardInput();
            policy.problem(user, password).ifPresent(problem -> {
                throw new IllegalStateException(problem);
            });
            return password;
        }

        PrintWriter err() {
            return spec.commandLine().getErr();
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        /** Refuses an account whose group is missing: it could not log in. */
        static void checkGroup(UserStore store, User user) {
            if (!user.group().isEmpty() && store.groups().find(user.group()).isEmpty()) {
                throw new IllegalStateException("no such group: " + user.group());
            }
        }

        static User existing(UserStore store, String name) {
            return store.find(name).orElseThrow(() -> missing(name));
        }

        static void set(UserStore store, User user) {
            if (!store.set(user)) {
                throw missing(user.name());
            }
        }

        static IllegalStateException missing(String name) {
            return new IllegalStateException("no such user: " + name);
        }
    }

    /** A subcommand about one user. */
    abstract static class Named extends Base {
        @Parameters(paramLabel = "NAME", description = "User name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        String name() {
            return name;
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a user.",
            footer = {
                "  flotilla user add alice --quota 10G",
                "  flotilla user add camera --allow /=list,write --password-stdin"
            })
    static final class Add extends Named {
        @Option(
                names = "--home",
                paramLabel = "DIR",
                description =
                        "Home directory: an absolute path, or one below the storage root. Default: the name of the user.")
        private @Nullable String home;

        @Option(
                names = "--password-stdin",
                description = "Reads the password from standard input. Otherwise the command generates and prints one.")
        private boolean passwordFromStdin;

        @CommandLine.ArgGroup(exclusive = false, heading = "Account:%n")
        private AccountOptions account = new AccountOptions();

        private IllegalStateException exists() {
            return new IllegalStateException("user " + name() + " exists already");
        }

        @Override
        void act(UserStore store) throws Exception {
            AccountName.check(name());
            if (home != null) {
                checkHome(home);
            }
            if (store.find(name()).isPresent()) {
                throw exists();
            }
            String password = newPassword(name(), passwordFromStdin);
            User user = account.applyTo(User.create(
                    name(), PasswordHash.encode(password, Argon2Parameters.DEFAULT), home == null ? name() : home));
            checkGroup(store, user);
            if (!store.add(user)) {
                throw exists();
            }
            out().println("User " + name() + " added.");
            if (!passwordFromStdin) {
                out().println("Password: " + password);
            }
        }
    }

    @Command(
            name = "passwd",
            mixinStandardHelpOptions = true,
            description = "Changes a password.",
            footer = "  flotilla user passwd alice")
    static final class Passwd extends Named {
        @Option(
                names = "--password-stdin",
                description = "Reads the password from standard input. Otherwise the command generates and prints one.")
        private boolean passwordFromStdin;

        @Override
        void act(UserStore store) throws Exception {
            User user = existing(store, name());
            String password = newPassword(name(), passwordFromStdin);
            set(store, AccountOptions.withPasswordHash(user, PasswordHash.encode(password, Argon2Parameters.DEFAULT)));
            out().println("Password of " + name() + " changed.");
            if (!passwordFromStdin) {
                out().println("Password: " + password);
            }
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Changes an account. Settings that are not given stay as they are.",
            footer = {
                "  flotilla user set alice --read-only",
                "  flotilla user set alice --expires 2027-01-31 --network 192.0.2.0/24",
                "  flotilla user set alice --group staff"
            })
    static final class Set extends Named {
        @Option(
                names = "--home",
                paramLabel = "DIR",
                description = "Home directory: an absolute path, or one below the storage root.")
        private @Nullable String home;

        @CommandLine.ArgGroup(exclusive = false, heading = "Account:%n")
        private AccountOptions account = new AccountOptions();

        @Override
        void act(UserStore store) {
            User user = existing(store, name());
            if (home != null) {
                checkHome(home);
            }
            User changed = account.applyTo(home == null ? user : AccountOptions.withHome(user, home));
            if (!changed.group().equals(user.group())) {
                checkGroup(store, changed);
            }
            set(store, changed);
            out().println("User " + name() + " changed.");
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists accounts: name, state, whether SITE WHO is allowed, and home.",
            footer = "  flotilla user list")
    static final class ListAll extends Base {
        @Override
        void act(UserStore store) {
            String after = "";
            List<User> page = store.list(after, PAGE); // a failure prints no heading
            out().printf(Locale.ROOT, "%-24s %-9s %-6s %s%n", "NAME", "STATE", "ADMIN", "HOME");
            for (; !page.isEmpty(); page = store.list(after, PAGE)) {
                for (User user : page) {
                    out().printf(
                                    Locale.ROOT,
                                    "%-24s %-9s %-6s %s%n",
                                    LogText.shown(user.name()),
                                    UserShowCommand.state(user, Instant.now()),
                                    user.admin() ? "yes" : "",
                                    LogText.shown(user.home()));
                }
                after = page.get(page.size() - 1).name();
            }
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes an account. Its files stay.",
            footer = "  flotilla user remove alice")
    static final class Remove extends Named {
        @Override
        void act(UserStore store) {
            if (!store.remove(name())) {
                throw missing(name());
            }
            out().println("User " + name() + " removed.");
        }
    }
}
