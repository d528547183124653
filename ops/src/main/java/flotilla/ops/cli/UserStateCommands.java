package flotilla.ops.cli;

import flotilla.ops.account.UserStore;
import picocli.CommandLine.Command;

/** Subcommands of {@code user} that let accounts log in, or not, or remove them. */
final class UserStateCommands {
    private UserStateCommands() {}

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Disables accounts: refuses their logins and ends their sessions. user enable takes it back.",
            footer = {"  flotilla user disable alice", "  flotilla user disable alice bob carol"})
    static final class Disable extends UserCommand.NamedAll {
        @Override
        void act(UserStore store, String name) {
            UserCommand.Base.set(store, AccountOptions.withEnabled(UserCommand.Base.existing(store, name), false));
            out().println("User " + name + " disabled.");
        }
    }

    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Enables accounts that were disabled.",
            footer = "  flotilla user enable alice bob")
    static final class Enable extends UserCommand.NamedAll {
        @Override
        void act(UserStore store, String name) {
            UserCommand.Base.set(store, AccountOptions.withEnabled(UserCommand.Base.existing(store, name), true));
            out().println("User " + name + " enabled.");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes accounts. Their files stay.",
            footer = {"  flotilla user remove alice", "  flotilla user remove alice bob"})
    static final class Remove extends UserCommand.NamedAll {
        @Override
        void act(UserStore store, String name) {
            if (!store.remove(name)) {
                throw UserCommand.Base.missing(name);
            }
            out().println("User " + name + " removed.");
        }
    }
}
