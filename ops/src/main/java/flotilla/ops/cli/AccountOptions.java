package flotilla.ops.cli;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import flotilla.node.auth.Networks;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code user add} and {@code user set} can say of an account; what is not given stays as it is. */
final class AccountOptions {
    @Option(
            names = "--allow",
            paramLabel = "PATH=PERMISSIONS",
            description =
                    "Permissions below a path: read, write, append, delete, rename, make-directory, list, change-attributes, all, none, separated by commas. The longest path decides. A file that is there is replaced only with write and delete. Replaces earlier rules.")
    private @Nullable List<String> rules;

    @Option(
            names = "--read-only",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Refuses every change.")
    private @Nullable Boolean readOnly;

    @Option(
            names = "--network",
            paramLabel = "CIDR",
            description = "Network the user may come from; may be given again. \"any\" removes the limit.")
    private @Nullable List<String> networks;

    @Option(names = "--max-sessions", paramLabel = "N", description = "Simultaneous sessions; 0 = the server's limit.")
    private @Nullable Integer maxSessions;

    @Option(
            names = "--upload-rate",
            paramLabel = "SIZE",
            description = "Bytes per second, such as 500k or 10M; 0 = no limit.")
    private @Nullable String uploadRate;

    @Option(names = "--download-rate", paramLabel = "SIZE", description = "Bytes per second; 0 = no limit.")
    private @Nullable String downloadRate;

    @Option(names = "--max-file-size", paramLabel = "SIZE", description = "Largest file; 0 = no limit.")
    private @Nullable String maxFile;

    @Option(names = "--quota", paramLabel = "SIZE", description = "Bytes stored in total; 0 = no limit.")
    private @Nullable String quota;

    @Option(names = "--quota-files", paramLabel = "N", description = "Files stored in total; 0 = no limit.")
    private @Nullable Long quotaFiles;

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
            names = "--tls",
            paramLabel = "listener|control|control-and-data",
            description = "What must be protected at least.")
    private @Nullable String tls;

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

    User applyTo(User user) {
        return new User(
                user.name(),
                user.passwordHash(),
                user.home(),
                rules == null
                        ? user.rules()
                        : rules.stream().map(AccountOptions::rule).toList(),
                readOnly == null ? user.readOnly() : readOnly,
                networks == null ? user.allowedNetworks() : checked(networks),
                maxSessions == null ? user.maxSessions() : maxSessions,
                size(uploadRate, user.uploadBytesPerSecond()),
                size(downloadRate, user.downloadBytesPerSecond()),
                size(maxFile, user.maxFileBytes()),
                size(quota, user.quotaBytes()),
                quotaFiles == null ? user.quotaFiles() : quotaFiles,
                expires == null ? user.expires() : instant(expires),
                enabled == null ? user.enabled() : enabled,
                tls == null
                        ? user.tls()
                        : TlsRequirement.valueOf(tls.toUpperCase(Locale.ROOT).replace('-', '_')),
                admin == null ? user.admin() : admin,
                certificates == null ? user.certificates() : CertificateNames.checked(certificates));
    }

    private static PathRule rule(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 1 || !text.startsWith("/")) {
            throw new IllegalStateException("--allow needs /PATH=PERMISSIONS, not " + text);
        }
        String prefix = text.length() > 2 && text.charAt(equals - 1) == '/' && equals > 1
                ? text.substring(0, equals - 1)
                : text.substring(0, equals);
        EnumSet<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (String name : text.substring(equals + 1).split(",")) {
            switch (name.trim().toLowerCase(Locale.ROOT)) {
                case "all" -> permissions.addAll(EnumSet.allOf(Permission.class));
                case "none", "" -> {}
                default ->
                    permissions.add(Permission.valueOf(
                            name.trim().toUpperCase(Locale.ROOT).replace('-', '_')));
            }
        }
        return new PathRule(prefix, permissions);
    }

    private static List<String> checked(List<String> networks) {
        if (networks.equals(List.of("any"))) {
            return List.of();
        }
        List<String> blocks = new ArrayList<>();
        for (String network : networks) {
            if (!Networks.isBlock(network)) {
                throw new IllegalStateException("not a CIDR block: " + network);
            }
            blocks.add(network);
        }
        return blocks;
    }

    private static long size(@Nullable String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,15}[kKmMgGtT]?")) {
            throw new IllegalStateException("not a size: " + text);
        }
        int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        return Math.multiplyExact(Long.parseLong(digits), unit < 0 ? 1L : 1L << 10 * (unit + 1));
    }

    private static @Nullable Instant instant(String text) {
        if (text.equals("never")) {
            return null;
        }
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                : Instant.parse(text);
    }

    static User withPasswordHash(User user, String hash) {
        return rebuilt(user, hash, user.home(), user.enabled());
    }

    static User withHome(User user, String home) {
        return rebuilt(user, user.passwordHash(), home, user.enabled());
    }

    static User withEnabled(User user, boolean enabled) {
        return rebuilt(user, user.passwordHash(), user.home(), enabled);
    }

    private static User rebuilt(User user, String hash, String home, boolean enabled) {
        return new User(
                user.name(),
                hash,
                home,
                user.rules(),
                user.readOnly(),
                user.allowedNetworks(),
                user.maxSessions(),
                user.uploadBytesPerSecond(),
                user.downloadBytesPerSecond(),
                user.maxFileBytes(),
                user.quotaBytes(),
                user.quotaFiles(),
                user.expires(),
                enabled,
                user.tls(),
                user.admin(),
                user.certificates());
    }
}
