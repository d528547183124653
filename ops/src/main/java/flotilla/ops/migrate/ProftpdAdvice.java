package flotilla.ops.migrate;

import flotilla.ops.migrate.ProftpdFile.Directive;
import flotilla.ops.migrate.ProftpdFile.Section;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The directives of ProFTPD: those with a key of their own here, those that lose nothing, and advice for the others. */
final class ProftpdAdvice {
    /** What keeps files from being overwritten. */
    static final String OVERWRITE = "flotilla user set NAME --allow /=read,write,append,list,… without delete";
    /** Directives with a number, and their keys. */
    static final Map<String, String> NUMBERS = Map.of(
            "maxclients", "limits.max-sessions",
            "maxclientsperhost", "limits.max-per-address",
            "maxclientsperuser", "limits.max-per-user",
            "maxloginattempts", "login.max-attempts");
    /** Directives with seconds, and their keys. */
    static final Map<String, String> TIMES = Map.of(
            "timeoutidle", "limits.idle-timeout",
            "timeoutstalled", "limits.stall-timeout",
            "timeoutlogin", "login.timeout",
            "timeoutsession", "limits.session-lifetime");

    private static final Set<String> REPEATED =
            Set.of("include", "transferrate", "authuserfile", "extendedlog", "logformat", "defaultroot");

    /** Directives that say how ProFTPD itself works. Nothing is lost without them. */
    private static final Set<String> NEEDLESS = Set.of(
            "servertype",
            "serveradmin",
            "serverident",
            "useipv6",
            "defaultaddress",
            "deferwelcome",
            "defaultserver",
            "showsymlinks",
            "listoptions",
            "denyfilter",
            "allowfilter",
            "user",
            "group",
            "pidfile",
            "scoreboardfile",
            "loadmodule",
            "modulepath",
            "modulecontrolsacls",
            "delayengine",
            "delaytable",
            "identlookups",
            "usereversedns",
            "usesendfile",
            "useencoding",
            "socketbindtight",
            "socketoptions",
            "tcpbacklog",
            "multilinerfc2228",
            "persistentpasswd",
            "requirevalidshell",
            "authpam",
            "authpamconfig",
            "authorder",
            "maxinstances",
            "wtmplog",
            "systemlog",
            "debuglevel",
            "createhome",
            "hiddenstores",
            "allowstorerestart",
            "allowretrieverestart",
            "commandbuffersize",
            "tlslog",
            "tlsrenegotiate",
            "tlssessioncache",
            "tlssessiontickets",
            "tlsdhparamfile",
            "tlsverifyserver",
            "tlsservercipherpreference",
            "tlsnextprotocol",
            "allowoverride",
            "langengine");

    private static final Set<String> NEEDLESS_WHEN_OFF = Set.of(
            "ratios",
            "quotaengine",
            "controlsengine",
            "admincontrolsengine",
            "rootlogin",
            "useftpusers",
            "banengine",
            "sqlengine",
            "sftpengine",
            "allowforeignaddress",
            "wrapengine",
            "geoipengine",
            "ldapserver");

    /** How the directives of a module begin, and the one that has the advice. */
    private static final Map<String, String> MODULES =
            Map.of("sql", "sqlengine", "ldap", "ldapserver", "quota", "quotaengine", "ban", "banengine");

    private static final Map<String, String> ADVICE = new HashMap<>();

    static {
        String set = "flotilla user set NAME ";
        String sql = "no: accounts are Flotilla's own. flotilla user import FILE reads JSON lines or CSV";
        ADVICE.put("include", "the file is not read: give it to flotilla import proftpd, too");
        ADVICE.put(
                "defaultroot",
                "nobody leaves the home: " + set + "--home DIR; storage.root is the parent of the homes");
        ADVICE.put("defaultchdir", "no: sessions begin in the home. " + set + "--home DIR");
        ADVICE.put("transferrate", set + "--download-rate 100k --upload-rate 100k, or limits.rate-per-session for all");
        ADVICE.put("timeoutnotransfer", "no: limits.idle-timeout ends sessions without commands and transfers");
        ADVICE.put("timeoutidle", "limits.idle-timeout must not be without an end; 24h is much");
        ADVICE.put("timeoutstalled", "limits.stall-timeout must not be without an end");
        ADVICE.put("timeoutsession", "limits.session-lifetime must not be without an end");
        ADVICE.put("allowoverwrite", OVERWRITE);
        ADVICE.put("authgroupfile", "no: settings that accounts share are in groups, flotilla group add NAME");
        ADVICE.put("displayconnect", "protocol.greeting, which is one line");
        ADVICE.put("displaylogin", "protocol.directory-message, which CWD shows");
        ADVICE.put("displayquit", "no");
        ADVICE.put("extendedlog", "log.native and log.json; flotilla trace NAME for commands");
        ADVICE.put("logformat", "no: log.native, log.json and log.xferlog have formats of their own");
        ADVICE.put("tlsciphersuite", "tls.policy, or the names of suites in tls.suites: docs/secure/tls.md");
        ADVICE.put("tlscertificatechainfile", "append the chain to the file of tls.certificate");
        ADVICE.put("tlscacertificatepath", "tls.client-ca, a file");
        ADVICE.put("tlscarevocationfile", "tls.client-crl");
        ADVICE.put("tlspkcs12file", "tls.certificate reads PKCS#12, too, with tls.key-password");
        ADVICE.put("tlsstapling", "tls.ocsp.staple = auto");
        ADVICE.put("rootlogin", "no: accounts are Flotilla's own, and none is root");
        ADVICE.put("quotaengine", set + "--quota 10G --quota-files N");
        ADVICE.put("banengine", "login.ban-threshold, login.ban-window and login.ban-duration; flotilla ban");
        ADVICE.put("pathdenyfilter", set + "--allow PATH=none, for a path");
        ADVICE.put("pathallowfilter", set + "--allow PATH=PERMISSIONS, for a path");
        ADVICE.put("hidefiles", set + "--allow PATH=none, for a path");
        ADVICE.put("hidenoaccess", set + "--allow PATH=none, for a path");
        ADVICE.put(
                "allowforeignaddress",
                "passive.peer says who may open a data connection; active mode reaches the client only");
        ADVICE.put("maxconnectionsperhost", "limits.max-per-address, limits.max-unauthenticated-per-address");
        ADVICE.put("maxhostsperuser", "no: " + set + "--max-sessions N");
        ADVICE.put("maxstorefilesize", set + "--max-file-size SIZE");
        ADVICE.put("sqlengine", sql);
        ADVICE.put("ldapserver", "an authenticator: docs/explanation/decisions/0017-who-says-who-a-client-is.md");
        ADVICE.put("userpassword", "flotilla user passwd NAME");
        ADVICE.put("port", "listeners.explicit.port needs a port");
        ADVICE.put("passiveports", VsftpdAdvice.PASSIVE_PORTS);
        ADVICE.put("umask", "storage.file-mode, storage.directory-mode, or " + set + "--umask 022");
    }

    private ProftpdAdvice() {}

    /** Whether a directive may stand in several lines that all count. */
    static boolean mayRepeat(String key) {
        return REPEATED.contains(key);
    }

    /** Whether nothing needs to be done about a directive. */
    static boolean isNeedless(Directive one) {
        String key = one.key();
        boolean isOff = one.argument(0).equalsIgnoreCase("off");
        return NEEDLESS.contains(key)
                || isOff && NEEDLESS_WHEN_OFF.contains(key)
                || key.equals("allowoverwrite") && one.isOn()
                || key.startsWith("controls");
    }

    /** Returns what to do instead of a directive. */
    static String of(Directive one) {
        return ADVICE.getOrDefault(
                family(one.key()), "the directive has no counterpart that is known here: it is left out");
    }

    /** Returns the directive whose advice holds for a whole module. */
    private static String family(String key) {
        if (ADVICE.containsKey(key)) {
            return key;
        }
        return MODULES.entrySet().stream()
                .filter(module -> key.startsWith(module.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(key);
    }

    /** Returns what to do about a file of accounts. */
    static String accounts(String file) {
        return "its accounts: --accounts FILE writes them for flotilla user import, as does flotilla import shadow "
                + file + " --passwd " + file;
    }

    /**
     * Returns what to do instead of a section.
     *
     * @param inside its directives
     */
    static String of(Section section, List<Directive> inside) {
        String said = inside.stream().map(Directive::shown).collect(Collectors.joining(", "));
        String in = said.isEmpty() ? "" : " (" + said + ")";
        return switch (section.name()) {
            case "virtualhost" -> "a node is one server: give each address a server of its own" + in;
            case "anonymous" ->
                "anonymous access has one home here; for others: flotilla user add NAME --home DIR" + in;
            case "limit" -> limit(section, inside) + in;
            case "directory" -> "flotilla user set NAME --allow PATH=PERMISSIONS, for a path" + in;
            case "class" -> "flotilla user set NAME --network CIDR, or access.allow and access.deny" + in;
            default -> "the section has no counterpart that is known here: it is left out" + in;
        };
    }

    private static String limit(Section section, List<Directive> inside) {
        if (!section.arguments().toUpperCase(Locale.ROOT).contains("LOGIN")) {
            return "flotilla user set NAME --allow PATH=PERMISSIONS";
        }
        Set<String> keys = inside.stream().map(Directive::key).collect(Collectors.toSet());
        if (keys.contains("allowuser") || keys.contains("denyuser")) {
            return "login.user-list, a file of names: mode allow, or deny";
        }
        if (keys.contains("allow") || keys.contains("deny")) {
            return "access.allow and access.deny, files with a network a line; for one user --network CIDR";
        }
        return keys.equals(Set.of("denyall")) ? "no accounts: nobody but anonymous logs in" : "accounts may log in";
    }
}
