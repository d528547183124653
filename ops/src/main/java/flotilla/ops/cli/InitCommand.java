package flotilla.ops.cli;

import flotilla.cluster.User;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.account.AccountName;
import flotilla.ops.account.GeneratedPassword;
import flotilla.ops.account.UserStore;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.Configuration;
import flotilla.ops.setup.Invitations;
import flotilla.ops.setup.Member;
import flotilla.ops.setup.Setup;
import flotilla.ops.setup.SetupPlan;
import flotilla.ops.setup.SetupPlan.Clients;
import flotilla.ops.setup.SetupPlan.Cluster;
import flotilla.ops.setup.SetupPlan.Places;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla init}: writes the first configuration of a server, or of a cluster's first node. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a commented configuration for a new server, and makes a certificate if there is none."
                    + " At a terminal it asks, unless it is told the --host.",
            "With --node it is the first node of a cluster: it makes the cluster's certificates and keys,"
                    + " and hands the others theirs (flotilla join)."
        },
        exitCodeList = {
            "0:Done. With --node: all nodes have joined.",
            "7:Some nodes have not joined in time: flotilla invite.",
            "78:The configuration is written, and refused. There is a line for each problem."
        },
        footer = {
            "  flotilla init",
            "  flotilla init --host ftp.example.org --user alice",
            "  flotilla init --host ftp.example.org --certificate /etc/flotilla/server.pem --storage /srv/ftp",
            "  flotilla init --host ftp.example.org --node node-1=10.0.0.1 --node node-2=10.0.0.2 --node node-3=10.0.0.3"
                    + " --database 'jdbc:postgresql://10.0.0.20/flotilla?user=flotilla&password=SECRET' --storage /srv/ftp"
        })
final class InitCommand implements Callable<Integer> {
    private static final String IN_ALL = "0.0.0.0";

    @Mixin
    private SetupOptions options = new SetupOptions();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "DNS name or address that clients dial, for the certificate; may be given again."
                    + " Default: the name of this machine.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description =
                    "Address of the ports for clients; may be given again. Default: all IPv4 addresses, with --node"
                            + " the node's own.")
    private List<String> bind = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "21",
            description = "Port with AUTH TLS; 0 = off. Default: ${DEFAULT-VALUE}.")
    private int explicitPort;

    @Option(
            names = "--implicit-port",
            paramLabel = "PORT",
            defaultValue = "990",
            description = "Port with TLS from the first byte; 0 = off. Default: ${DEFAULT-VALUE}.")
    private int implicitPort;

    @Option(
            names = "--passive-ports",
            paramLabel = "PORTS",
            defaultValue = "21000-21049",
            description = "Ports for data connections. Default: ${DEFAULT-VALUE}.")
    private String passivePorts = "";

    @Option(
            names = "--passive-address",
            paramLabel = "ADDRESS",
            description = "Address or DNS name that clients dial, when it is that of a NAT router or balancer.")
    private @Nullable String passiveAddress;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description =
                    "Certificate and chain. Default: server.pem beside the configuration; made if it is not there.")
    private @Nullable Path certificate;

    @Option(
            names = "--private-key",
            paramLabel = "FILE",
            description = "Its private key. Default: in the certificate's file.")
    private @Nullable Path privateKey;

    @Option(
            names = "--storage",
            paramLabel = "DIRECTORY",
            description = "Directory of the homes. Default: homes in the data directory. Nodes of a cluster share one.")
    private @Nullable Path storage;

    @Option(
            names = "--node",
            paramLabel = "NAME=ADDRESS",
            description = "A node of a cluster, given once for each of them, this node first.")
    private List<String> nodes = new ArrayList<>();

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "With --node: JDBC URL of the database that the nodes share.")
    private String database = "";

    @Option(
            names = "--balancer",
            paramLabel = "CIDR",
            description = "With --node: where connections of balancers come from that speak the PROXY protocol.")
    private List<String> balancers = new ArrayList<>();

    @Option(names = "--user", paramLabel = "NAME", description = "Adds a first user.")
    private String user = "";

    @Option(
            names = "--password-stdin",
            description =
                    "Reads the password of --user from standard input. Otherwise the command makes and prints one.")
    private boolean passwordFromStdin;

    @Mixin
    private InvitationOptions invitation = new InvitationOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Optional<String> password = passwordFromStdin && !user.isEmpty()
                ? Optional.of(Passwords.fromStandardInput())
                : hosts.isEmpty() && nodes.isEmpty() ? asked() : Optional.empty();
        List<Member> members = new ArrayList<>();
        for (String node : nodes) {
            members.add(SetupOptions.member(spec, node));
        }
        if (!members.isEmpty() && (database.isEmpty() || storage == null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "nodes of a cluster share a database and files: --database and --storage");
        }
        Configuration made = new Setup(plan(members)).write(names(), options.force());
        tell(options.file() + " is written; data in " + made.dataDir() + ".");
        if (!user.isEmpty()) {
            addUser(made, password);
        }
        if (members.size() > 1) {
            return invitation.await(spec, new Invitations(options.file()), members.subList(1, members.size()));
        }
        tell("Next: flotilla serve (or systemctl restart flotilla)"
                + (user.isEmpty() ? ", and flotilla user add NAME." : "."));
        return 0;
    }

    /**
     * Asks at a terminal, if there is one.
     *
     * @return the password of the first user, if one was given
     */
    private Optional<String> asked() throws UnknownHostException {
        Optional<Terminal> terminal = Terminal.here();
        if (terminal.isEmpty()) {
            return Optional.empty();
        }
        InitQuestions.Answers answers =
                new InitQuestions(terminal.get()).ask(names().get(0), explicitPort, implicitPort, passivePorts);
        hosts.add(answers.host());
        explicitPort = answers.explicitPort();
        implicitPort = answers.implicitPort();
        passivePorts = answers.passivePorts();
        passiveAddress = answers.passiveAddress().orElse(passiveAddress);
        certificate = answers.certificate().orElse(certificate);
        user = answers.user().orElse(user);
        return answers.password();
    }

    private void addUser(Configuration made, Optional<String> given) {
        AccountName.check(user);
        given.flatMap(text -> made.passwords().problem(user, text)).ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        String password = given.orElseGet(GeneratedPassword::next);
        try (UserStore store = UserStores.open(
                made.dataDir(), made.cluster().database(), made.log().audit())) {
            if (!store.add(User.create(user, PasswordHash.encode(password, Argon2Parameters.DEFAULT), user))) {
                throw new IllegalStateException("user " + user + " exists already");
            }
        }
        tell("User " + user + " added.");
        if (given.isEmpty()) {
            tell("Password: " + password);
        }
    }

    private SetupPlan plan(List<Member> members) {
        List<String> all =
                members.isEmpty() ? List.of(IN_ALL) : List.of(members.get(0).address());
        Path server = certificate == null ? options.beside("server.pem") : certificate.toAbsolutePath();
        return new SetupPlan(
                new Clients(
                        bind.isEmpty() ? all : bind,
                        explicitPort,
                        implicitPort,
                        passivePorts,
                        Optional.ofNullable(passiveAddress)),
                new Places(
                        options.file(),
                        server,
                        Optional.ofNullable(privateKey).map(Path::toAbsolutePath),
                        options.dataDir(),
                        Optional.ofNullable(storage).map(Path::toAbsolutePath),
                        options.logs()),
                members.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Cluster(
                                members, SetupOptions.CLUSTER_PORT, SetupOptions.HAZELCAST_PORT, database, balancers)));
    }

    private List<String> names() throws UnknownHostException {
        return hosts.isEmpty()
                ? List.of(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT))
                : hosts;
    }

    private void tell(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
