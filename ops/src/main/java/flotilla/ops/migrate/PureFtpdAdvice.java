package flotilla.ops.migrate;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The settings of Pure-FTPd that no key of Flotilla replaces, and what to do instead. */
final class PureFtpdAdvice {
    static final String ANONYMOUS_DEFAULT =
            "Pure-FTPd lets anybody in without it. Here nobody but accounts: anonymous.enabled = true changes that";

    /** Settings that say how Pure-FTPd itself works. Nothing is lost without them. */
    private static final Set<String> NEEDLESS = Set.of(
            "chrooteveryone",
            "trustedgid",
            "brokenclientscompatibility",
            "daemonize",
            "verboselog",
            "syslogfacility",
            "dontresolve",
            "limitrecursion",
            "pamauthentication",
            "unixauthentication",
            "minuid",
            "createhomedir",
            "customerproof",
            "pidfile",
            "fscharset",
            "clientcharset",
            "logpid",
            "notruncate",
            "ipv6only");

    private static final Set<String> NEEDLESS_WHEN_NO = Set.of(
            "allowuserfxp",
            "allowanonymousfxp",
            "prohibitdotfileswrite",
            "prohibitdotfilesread",
            "anonymouscancreatedirs",
            "keepallfiles",
            "norename",
            "nochmod",
            "autorename",
            "antiwarez",
            "calluploadscript");
    private static final Map<String, String> ADVICE = new HashMap<>();

    static {
        String set = "flotilla user set NAME ";
        String foreign = "no: accounts are Flotilla's own. flotilla user import FILE reads JSON lines or CSV";
        ADVICE.put("puredb", "flotilla import pure-ftpd reads the pureftpd.passwd that this file was made of");
        ADVICE.put("mysqlconfigfile", foreign);
        ADVICE.put("pgsqlconfigfile", foreign);
        ADVICE.put("ldapconfigfile", "an authenticator: docs/explanation/decisions/0017-who-says-who-a-client-is.md");
        ADVICE.put("extauth", "an authenticator: docs/explanation/decisions/0017-who-says-who-a-client-is.md");
        ADVICE.put("userbandwidth", set + "--upload-rate 100k --download-rate 100k, for each account");
        ADVICE.put("umask", "storage.file-mode, storage.directory-mode, or " + set + "--umask 022");
        ADVICE.put("altlog", "log.xferlog has wu-ftpd's format, log.native and log.json have their own");
        ADVICE.put("tlsciphersuite", "tls.policy, or the names of suites in tls.suites: docs/secure/tls.md");
        ADVICE.put("quota", set + "--quota 10G --quota-files N");
        ADVICE.put("userratio", "no: there are no ratios");
        ADVICE.put("anonymousratio", "no: there are no ratios");
        ADVICE.put("anonymouscancreatedirs", "no: anonymous.write has none and drop-box");
        ADVICE.put("keepallfiles", set + "--allow /=read,write,append,list,make-directory without delete and rename");
        ADVICE.put("autorename", "no: a file is overwritten. " + ProftpdAdvice.OVERWRITE);
        ADVICE.put("antiwarez", "anonymous.write = drop-box: anonymous clients read nothing that others leave");
        ADVICE.put("norename", set + "--allow /=… without rename");
        ADVICE.put("nochmod", set + "--allow /=… without change-attributes");
        ADVICE.put("prohibitdotfilesread", set + "--allow PATH=none, for a path");
        ADVICE.put("prohibitdotfileswrite", set + "--allow PATH=none, for a path");
        ADVICE.put("displaydotfiles", "no: files whose names begin with a dot are listed");
        ADVICE.put(
                "allowuserfxp", "no: data goes to the client's own address only, unless passive.peer says otherwise");
        ADVICE.put("allowanonymousfxp", "no: data goes to the client's own address only");
        ADVICE.put("maxdiskusage", "no: " + set + "--quota SIZE");
        ADVICE.put("maxload", "no: limits.max-sessions and limits.max-transfers");
        ADVICE.put("fortunesfile", "protocol.greeting, which is one line");
        ADVICE.put("calluploadscript", "a hook: hooks.named");
        ADVICE.put("trustedip", "access.allow and access.deny");
    }

    private PureFtpdAdvice() {}

    /** Whether nothing needs to be done about a setting. */
    static boolean isNeedless(String name, String value) {
        String key = name.toLowerCase(Locale.ROOT);
        return NEEDLESS.contains(key)
                || value.equalsIgnoreCase("no") && NEEDLESS_WHEN_NO.contains(key)
                || value.equalsIgnoreCase("yes") && key.equals("displaydotfiles");
    }

    /** Returns what to do instead of a setting. */
    static String of(String name) {
        return ADVICE.getOrDefault(name.toLowerCase(Locale.ROOT), "the setting is unknown here: it is left out");
    }
}
