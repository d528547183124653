package flotilla.ops.cli;

import flotilla.ops.account.UserStore;
import picocli.CommandLine.Command;

/** Subcommands of {@code user} that let an account log in, or not. */
final class UserStateCommands {
    private UserStateCommands() {}

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Disables an account: refuses its logins and ends its sessions. user enable takes it back.",
            footer = "  flotilla user disable alice")
    static final class Disable extends UserCommand.Named {
        @Override
        void act(UserStore store) {
            set(store, AccountOptions.withEnabled(existing(store, name()), false));
            out().println("User " + name() + " disabled.");
        }
    }

    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Enables an account that was disabled.",
            footer = "  flotilla user enable alice")
    static final class Enable extends UserCommand.Named {
        @Override
        void act(UserStore store) {
            set(store, AccountOptions.withEnabled(existing(store, name()), true));
            out().println("User " + name() + " enabled.");
        }
    }
}
