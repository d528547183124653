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
import flotilla.ops.config.HomeCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            UserSetCommand.class,
            UserListCommand.class,
            UserShowCommand.class,
            UserStateCommands.Disable.class,
            UserStateCommands.Enable.class,
            RecountCommand.class,
            UserStateCommands.Remove.class,
            UserFileCommands.Export.class,
            UserFileCommands.Import.class
        })
final class UserCommand implements Runnable {
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
        private @Nullable HomeMaker maker;
        private PasswordPolicy policy = PasswordPolicy.NONE;

        @Override
        public Integer call() throws Exception {
            Configuration configuration = options.load();
            homes = new HomeCheck(configuration.node(), configuration.dataDir());
            maker = new HomeMaker(configuration);
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

        /** Refuses mounts that cannot be meant, and prints notes about those outside of the storage root. */
        final void checkMounts(User user) {
            if (homes != null) {
                homes.notes(user.mounts()).forEach(out()::println);
            }
        }

        /** Refuses a home or mounts that cannot be meant, or networks that are none. */
        final void check(User user) {
            if (homes != null) {
                homes.note(user.home());
                homes.notes(user.mounts());
            }
            AccountValues.networks(user.allowedNetworks());
        }

        /** Makes the home of a new account on this machine. */
        final void makeHome(User user) throws IOException {
            if (maker != null) {
                maker.make(user).forEach(made -> out().println(made + " made."));
            }
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

    /** A subcommand that does the same to several users. */
    abstract static class NamedAll extends Base {
        private static final int MOST = 1_000;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "User name; several are changed together.")
        private List<String> names = List.of();

        /** Changes nothing when one of the users is missing. */
        @Override
        void act(UserStore store) {
            if (names.size() > MOST) {
                throw new IllegalStateException("more than " + MOST + " users");
            }
            List<String> unknown =
                    names.stream().filter(name -> store.find(name).isEmpty()).toList();
            if (!unknown.isEmpty()) {
                throw missing(String.join(", ", unknown));
            }
            names.stream().distinct().forEach(name -> act(store, name));
        }

        abstract void act(UserStore store, String name);
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds a user.",
            footer = {
                "  flotilla user add alice --quota 10G",
                "  flotilla user add camera --allow /=list,write --password-stdin",
                "  flotilla user add incoming --mkdir --home /srv/incoming --allow /=write,make-directory"
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

        @Option(
                names = "--mkdir",
                description =
                        "Makes the home, and the places of mounts in the default store, on this machine. Without it, one below the storage root is made at the first login.")
        private boolean mkdir;

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
            checkMounts(user);
            if (mkdir) {
                makeHome(user);
            }
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
}
