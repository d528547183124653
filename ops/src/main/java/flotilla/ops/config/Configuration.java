package flotilla.ops.config;

import com.typesafe.config.Config;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.node.NodeSettings;
import flotilla.ops.alert.AlertSettings;
import flotilla.ops.event.EventSettings;
import flotilla.ops.extension.Extension;
import flotilla.ops.hook.HookSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checked configuration.
 *
 * @param dataDir absolute path
 * @param acme how it gets a certificate from an authority; empty when it gets none
 * @param expiryDays days before the end of a certificate at which the server warns
 * @param made what the first start makes
 * @param passwords what new passwords must be like
 * @param alerts what is watched, and who is told
 * @param perUser most users whose transfers have metrics of their own
 */
public record Configuration(
        Path dataDir,
        NodeSettings node,
        ClusterSettings cluster,
        LogSettings log,
        AdminSettings admin,
        Extensions extensions,
        Optional<AcmeSettings> acme,
        List<Integer> expiryDays,
        Made made,
        PasswordPolicy passwords,
        AlertSettings alerts,
        int perUser) {
    public Configuration {
        expiryDays = List.copyOf(expiryDays);
    }

    /**
     * What the first start of a server makes.
     *
     * @param certificate the file of a certificate to make if there is none; empty when one is configured
     * @param demo whether a node of its own makes the user demo in its new database
     */
    public record Made(Optional<Path> certificate, boolean demo) {}

    /** The extensions that this node loads. */
    public record Extensions(HookSettings hooks, List<Extension> authenticators, EventSettings events) {
        public Extensions {
            authenticators = List.copyOf(authenticators);
        }
    }

    /**
     * The settings of the logs. The empty text means off, {@code -} standard output, and {@code stderr} standard error.
     *
     * @param trace users and addresses that this node traces
     * @param maxTraced most targets of {@code flotilla trace}
     * @param audit never empty
     * @param queue most lines that wait for each log
     * @param cef the log in the Common Event Format
     * @param priorities whether lines to a standard stream begin with a priority for the journal
     * @param syslog where syslog is sent; empty for nowhere
     */
    public record LogSettings(
            String nativeLog,
            String xferlog,
            String json,
            List<String> trace,
            int maxTraced,
            String audit,
            int queue,
            String cef,
            boolean priorities,
            Optional<SyslogSettings> syslog) {
        public LogSettings {
            trace = List.copyOf(trace);
        }
    }

    /**
     * Reads and checks a configuration.
     *
     * @param file the configuration file; without one, the defaults apply
     * @param environment variables by name
     * @param settings {@code KEY=VALUE} of {@code --set}
     * @throws ConfigException with all problems that were found
     */
    public static Configuration load(Optional<Path> file, Map<String, String> environment, List<String> settings)
            throws ConfigException {
        return new Sources(file, environment, settings).load();
    }

    /**
     * Checks a merged configuration.
     *
     * @param problems those that were found before
     * @throws ConfigException with all problems that were found
     */
    static Configuration read(Config merged, List<ConfigProblem> problems) throws ConfigException {
        return read(new Keys(merged, problems), problems);
    }

    /**
     * Checks what keys say.
     *
     * @param problems those of the keys, and those that were found before
     * @throws ConfigException with all problems that were found
     */
    static Configuration read(Keys keys, List<ConfigProblem> problems) throws ConfigException {
        Path dataDir = dataDir(keys, problems);
        CertificateKeys certificates = new CertificateKeys(keys, dataDir);
        NodeSettings node = new NodeKeys(keys, dataDir, certificates).read();
        ClusterSettings cluster = new ClusterKeys(keys, dataDir, node.data().ports()).read();
        if (!cluster.network().seeds().isEmpty()) {
            certificates.requireOne();
        }
        LogSettings log = new LogKeys(keys).read(audit(keys, dataDir));
        AdminSettings admin = new AdminKeys(keys, dataDir).read();
        Optional<AcmeSettings> acme =
                new AcmeKeys(keys, certificates).read(node.control().listeners().bind());
        acme.ifPresent(on -> checkShared(keys, cluster));
        ExtensionKeys extending = new ExtensionKeys(keys);
        Extensions extensions = new Extensions(
                extending.hooks(), extending.authenticators(node.login().authenticators()), new EventKeys(keys).read());
        List<Integer> expiryDays = keys.numbers("flotilla.tls.expiry-warnings", 1, 3650);
        Made made = new Made(certificates.generated(), keys.flag("flotilla.users.demo"));
        PasswordPolicy passwords = new PasswordPolicy(
                keys.number("flotilla.users.password.min-length", 1, 64),
                keys.flag("flotilla.users.password.refuse-name"),
                keys.flag("flotilla.users.password.refuse-common"));
        AlertSettings alerts = new AlertKeys(keys).read();
        int perUser = keys.number("flotilla.metrics.per-user", 0, 10_000);
        new PortChecks(keys).check(node, cluster, admin, acme);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Configuration(
                dataDir, node, cluster, log, admin, extensions, acme, expiryDays, made, passwords, alerts, perUser);
    }

    /** Notes that the keys of ACME would be in clear in a database that others can reach. */
    private static void checkShared(Keys keys, ClusterSettings cluster) {
        if (cluster.database().isShared() && cluster.network().protection().keyFile() == null) {
            keys.note(
                    AcmeKeys.ENABLED,
                    "needs flotilla.cluster.key-file (flotilla cert cluster-key): it seals the private keys that are kept in"
                            + " the database of flotilla.users.jdbc-url");
        }
    }

    /**
     * Reads only the data directory, for commands that ask the running server. It checks whether the keys exist, not
     * their values.
     *
     * @throws ConfigException with all problems that were found
     */
    public static Path dataDir(Optional<Path> file, Map<String, String> environment, List<String> settings)
            throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        Keys keys = new Keys(new Sources(file, environment, settings).merged(problems), problems);
        Path dataDir = dataDir(keys, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return dataDir;
    }

    /**
     * Returns the value of every key, and where it was given. It checks whether the keys exist, not their values.
     *
     * @throws ConfigException with all problems that were found
     */
    public static List<EffectiveValue> effective(
            Optional<Path> file, Map<String, String> environment, List<String> settings) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        List<EffectiveValue> values = EffectiveValue.of(new Sources(file, environment, settings).merged(problems));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return values;
    }

    /**
     * Where the accounts are.
     *
     * @param audit the audit log of their changes
     */
    public record Accounts(Path dataDir, Database database, String audit) {}

    /**
     * Reads only where the accounts are, for a configuration whose files are not there yet.
     *
     * @throws ConfigException with all problems that were found
     */
    public static Accounts accounts(Optional<Path> file, Map<String, String> environment, List<String> settings)
            throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        Keys keys = new Keys(new Sources(file, environment, settings).merged(problems), problems);
        Path dataDir = dataDir(keys, problems);
        Accounts accounts =
                new Accounts(dataDir, new ClusterKeys(keys, dataDir, List.of()).accounts(), audit(keys, dataDir));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return accounts;
    }

    private static String audit(Keys keys, Path dataDir) {
        String named = keys.text("flotilla.log.audit");
        return named.isEmpty() ? dataDir.resolve("audit.json").toString() : named;
    }

    /**
     * Returns a warning for each environment variable that begins with FLOTILLA_ and sets nothing, with the name that
     * may have been meant.
     */
    public static List<String> unknownVariables(Map<String, String> environment) {
        return new ConfigSource(new ArrayList<>()).unknownVariables(environment);
    }

    private static Path dataDir(Keys keys, List<ConfigProblem> problems) {
        Path dataDir = keys.path("flotilla.data-dir", Path.of("flotilla-data").toAbsolutePath());
        if (!Path.of(keys.text("flotilla.data-dir")).isAbsolute()) {
            OwnDirectory.problem(dataDir)
                    .ifPresent(problem -> problems.add(new ConfigProblem("", "flotilla.data-dir", problem)));
        }
        return dataDir;
    }
}
