package flotilla.ops.cli;

import flotilla.cluster.User;
import flotilla.ops.account.UserStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla user set}: changes an account. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        description = "Changes an account. Settings that are not given stay as they are.",
        footer = {
            "  flotilla user set alice --read-only",
            "  flotilla user set alice --expires 2027-01-31 --network 192.0.2.0/24",
            "  flotilla user set alice --group staff",
            "  flotilla user set alice --mount /partners=archive:/partners,read-only --mount /in=local:/srv/in,quota=10G"
        })
final class UserSetCommand extends UserCommand.Named {
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
        if (!changed.mounts().equals(user.mounts())) {
            checkMounts(changed);
        }
        set(store, changed);
        out().println("User " + name() + " changed.");
    }
}
