package flotilla.ops.cli;

import flotilla.cluster.Leniency;
import flotilla.cluster.User;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that accounts and groups have. A field without an option keeps its value. */
class SettingOptions {
    @Option(
            names = "--allow",
            paramLabel = "PATH=PERMISSIONS",
            description =
                    "Permissions below a path: read, write, append, delete, rename, make-directory, list, change-attributes, all, none, separated by commas. The rule with the longest matching path applies. To replace an existing file, a user needs write and delete. The rules given here replace all earlier ones.")
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
            description = "Network from which the user may log in; may be given again. \"any\" removes the limit.")
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

    @Option(
            names = "--tls",
            paramLabel = "listener|control|control-and-data",
            description = "The connections on which the user must use TLS; listener = as the listener demands.")
    private @Nullable String tls;

    @Option(
            names = "--accept-missing-close-notify",
            paramLabel = "yes|no|default",
            description =
                    "Whether uploads may end without a TLS close (old devices). A cut connection then counts as the end of the file. default = as for the listener.")
    private @Nullable String acceptMissingCloseNotify;

    @Option(
            names = "--ascii-as-binary",
            paramLabel = "yes|no|default",
            description = "Whether TYPE A transfers bytes unchanged (cameras). default = as for the listener.")
    private @Nullable String asciiAsBinary;

    @Option(
            names = "--lenient-pbsz",
            paramLabel = "yes|no|default",
            description = "Whether PROT works without PBSZ, after login. default = as for the listener.")
    private @Nullable String lenientPbsz;

    @Option(
            names = "--umask",
            paramLabel = "OCTAL|default",
            description =
                    "Permission bits that new files (of 666) and directories (of 777) do not get, such as 022. default = the modes of the store (storage.file-mode, storage.directory-mode). SITE UMASK changes it for a session.")
    private @Nullable String umask;

    @Option(
            names = "--encoding",
            paramLabel = "NAME|default",
            description =
                    "Encoding of file names for old clients that do not know UTF-8, such as ISO-8859-1, windows-1252, Shift_JIS or GB18030. Clients that send OPTS UTF8 ON use UTF-8 all the same. default = UTF-8.")
    private @Nullable String encoding;

    private List<String> leniencies(User user) {
        List<String> said = user.leniencies();
        said = AccountValues.leniency(Leniency.ACCEPT_MISSING_CLOSE_NOTIFY, acceptMissingCloseNotify, said);
        said = AccountValues.leniency(Leniency.ASCII_AS_BINARY, asciiAsBinary, said);
        return AccountValues.leniency(Leniency.LENIENT_PBSZ, lenientPbsz, said);
    }

    /** Returns the account with what these options say. */
    final User settings(User user) {
        return user.change()
                .rules(
                        rules == null
                                ? user.rules()
                                : rules.stream().map(AccountValues::rule).toList())
                .readOnly(readOnly == null ? user.readOnly() : readOnly)
                .allowedNetworks(networks == null ? user.allowedNetworks() : AccountValues.networks(networks))
                .maxSessions(
                        maxSessions == null
                                ? user.maxSessions()
                                : (int) AccountValues.count("--max-sessions", maxSessions))
                .uploadBytesPerSecond(AccountValues.size("--upload-rate", uploadRate, user.uploadBytesPerSecond()))
                .downloadBytesPerSecond(
                        AccountValues.size("--download-rate", downloadRate, user.downloadBytesPerSecond()))
                .maxFileBytes(AccountValues.size("--max-file-size", maxFile, user.maxFileBytes()))
                .quotaBytes(AccountValues.size("--quota", quota, user.quotaBytes()))
                .quotaFiles(quotaFiles == null ? user.quotaFiles() : AccountValues.count("--quota-files", quotaFiles))
                .tls(tls == null ? user.tls() : AccountValues.tls(tls))
                .leniencies(leniencies(user))
                .umask(umask == null ? user.umask() : AccountValues.umask(umask))
                .encoding(encoding == null ? user.encoding() : AccountValues.encoding(encoding))
                .make();
    }
}
