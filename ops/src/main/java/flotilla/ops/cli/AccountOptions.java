package flotilla.ops.cli;

import flotilla.cluster.MountPoint;
import flotilla.cluster.User;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code user add} and {@code user set}. A field without an option keeps its value. */
final class AccountOptions extends SettingOptions {
    @Option(names = "--expires", paramLabel = "DATE", description = "2027-01-31 or an ISO instant; \"never\".")
    private @Nullable String expires;

    @Option(
            names = "--enabled",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Whether the user can log in.")
    private @Nullable Boolean enabled;

    @Option(
            names = "--admin",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Whether SITE WHO is allowed.")
    private @Nullable Boolean admin;

    @Option(
            names = "--certificate",
            paramLabel = "sha256:HEX|DN",
            description = "Client certificate that logs the user in; may be given again. \"none\" removes all.")
    private @Nullable List<String> certificates;

    @Option(
            names = "--group",
            paramLabel = "NAME|none",
            description = "Group whose settings hold where the account says nothing.")
    private @Nullable String group;

    @Option(
            names = "--mount",
            paramLabel = "PATH=PLACE",
            description =
                    "Shows a place at a path of the user's tree, such as /partners=archive:/partners,read-only; may be given again."
                            + " The place is as for --home; local:/DIR is an absolute directory of the default store. It may end"
                            + " with ,read-only ,quota=SIZE ,quota-files=N. Replaces the mount at that path.")
    private @Nullable List<String> mounts;

    @Option(
            names = "--remove-mount",
            paramLabel = "PATH",
            description = "Removes the mount at a path; may be given again.")
    private @Nullable List<String> removedMounts;

    private List<MountPoint> mounts(User user) {
        return MountValues.changed(
                user.mounts(), removedMounts == null ? List.of() : removedMounts, mounts == null ? List.of() : mounts);
    }

    User applyTo(User user) {
        return settings(user)
                .change()
                .expires(expires == null ? user.expires() : AccountValues.expiry(expires))
                .enabled(enabled == null ? user.enabled() : enabled)
                .admin(admin == null ? user.admin() : admin)
                .certificates(certificates == null ? user.certificates() : CertificateNames.checked(certificates))
                .group(group == null ? user.group() : group.equals("none") ? "" : group)
                .mounts(mounts(user))
                .make();
    }

    static User withPasswordHash(User user, String hash) {
        return user.change().passwordHash(hash).make();
    }

    static User withHome(User user, String home) {
        return user.change().home(home).make();
    }

    static User withEnabled(User user, boolean enabled) {
        return user.change().enabled(enabled).make();
    }
}
