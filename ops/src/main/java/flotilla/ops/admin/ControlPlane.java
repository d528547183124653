package flotilla.ops.admin;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.node.FtpsNode;
import flotilla.node.NodeSettings;
import flotilla.node.Readiness;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.NodeConfiguration;
import flotilla.ops.alert.Alerts;
import flotilla.ops.config.AdminSettings;
import flotilla.ops.config.HomeCheck;
import flotilla.ops.event.Events;
import flotilla.ops.local.LocalAddress;
import flotilla.ops.log.AuditLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The ways by which operators reach a server. A listener on loopback answers the commands of this machine. It asks for
 * a token from a file that only the server's user can read. The admin API, if it is on, answers the same requests and
 * those about the whole cluster.
 */
public final class ControlPlane implements AutoCloseable {
    private final AdminServer commands;
    private final Optional<AdminServer> api;

    /**
     * The operations that a server offers to operators.
     *
     * @param readiness the node's answer to balancers
     * @param counts refusals and early ends since the start, by name
     * @param configuration the configuration in force
     * @param reload reads again what can change without a restart
     * @param maxTraced most targets of traces at a time, asked each time
     * @param passwords what new passwords must be like, asked each time
     * @param renewal the certificate from an authority; empty without ACME
     * @param events events for programs outside
     * @param alerts the alerts of the cluster
     * @param certificates reads those of this node; may block
     */
    public record Operations(
            Readiness readiness,
            Supplier<Map<String, Long>> counts,
            NodeConfiguration configuration,
            Reload reload,
            IntSupplier maxTraced,
            Supplier<PasswordPolicy> passwords,
            Optional<Renewal> renewal,
            Events events,
            Alerts alerts,
            Supplier<List<Certificate>> certificates) {}

    /**
     * A certificate of this node.
     *
     * @param name of its file
     * @param use who is shown it
     * @param serial its serial number, hex
     * @param end when it expires
     */
    public record Certificate(String name, String use, String serial, Instant end) {}

    /** The certificate that the cluster gets from an authority. */
    public interface Renewal {
        /** How things stand, as words by name. */
        CompletionStage<Map<String, String>> status();

        /**
         * Begins to order a certificate. Returns at once.
         *
         * @param forget whether account and certificate are removed first when this node cannot open them
         */
        void begin(boolean forget);
    }

    /**
     * The parts that only the admin API needs.
     *
     * @param site makes the pages for browsers; empty without a console
     */
    public record Api(ClusterOverview overview, Health health, Optional<Function<Door, Site>> site) {}

    private ControlPlane(AdminServer commands, Optional<AdminServer> api) {
        this.commands = commands;
        this.api = api;
    }

    /**
     * Starts to listen.
     *
     * @param api empty when the admin API is off
     * @throws IOException naming the address that is taken
     */
    public static ControlPlane open(
            Path dataDir,
            AdminSettings settings,
            NodeSettings nodeSettings,
            FtpsNode node,
            Operations operations,
            AuditLog audit,
            Optional<Api> api)
            throws IOException {
        ClusterNode cluster = node.cluster();
        String token = TokenFile.random();
        UserRoutes users =
                new UserRoutes(cluster.users(), operations.passwords(), new HomeCheck(nodeSettings, dataDir));
        List<Route> routes = new ArrayList<>(users.routes());
        routes.addAll(new RecountRoutes(node.recounts()).routes());
        routes.addAll(new GroupRoutes(cluster.users().groups()).routes());
        ServerRoutes ofServer = new ServerRoutes(node, operations);
        routes.addAll(ofServer.routes());
        routes.addAll(new BanRoutes(cluster).routes());
        routes.addAll(new ReadOnlyRoutes(
                        cluster.writeStop(), () -> node.settings().session().readOnly())
                .routes());
        routes.addAll(new AcmeRoutes(operations.renewal()).routes());
        routes.addAll(new EventRoutes(operations.events()).routes());
        routes.addAll(new AlertRoutes(operations.alerts()).routes());
        List<Route> commandRoutes = new ArrayList<>(routes);
        commandRoutes.addAll(users.forCommands());
        commandRoutes.addAll(ofServer.forCommands());
        AdminServer.Answers local = new AdminServer.Answers(
                List.copyOf(commandRoutes),
                new Tokens(Optional.empty(), token),
                audit,
                Optional.empty(),
                Optional.empty());
        AdminServer commands = AdminServer.open(settings.forCommands(), nodeSettings, cluster.system(), local);
        try {
            commands.note(LocalAddress.control(dataDir), token);
            if (api.isEmpty()) {
                return new ControlPlane(commands, Optional.empty());
            }
            routes.addAll(new SessionRoutes(api.get().overview(), cluster.name(), cluster.freezes()).routes());
            routes.addAll(new RefusalRoutes(api.get().overview()).routes());
            routes.addAll(new TraceRoutes(api.get().overview(), cluster.traces()).routes());
            routes.addAll(new StatsRoutes(cluster.figures(), api.get().overview()).routes());
            routes.addAll(new FreezeRoutes(cluster.freezes(), api.get().overview(), () -> node.settings()
                            .view())
                    .routes());
            routes.addAll(new ShareRoutes(cluster, node::settings, api.get().overview()).routes());
            routes.addAll(new RollRoutes(cluster.roll(), api.get().overview()).routes());
            routes.addAll(new SettingRoutes(cluster.overrides(), api.get().overview()).routes());
            routes.addAll(new CertificateRoutes(operations.certificates()).routes());
            routes.addAll(new ListRoutes(node::settings).routes());
            routes.addAll(new LogRoutes().routes());
            routes.addAll(new TokenRoutes(settings.tokensFile()).routes());
            routes.add(DocumentRoute.of(routes));
            Tokens tokens = new Tokens(Optional.of(settings.tokensFile()), token);
            AdminServer server = AdminServer.open(
                    settings,
                    nodeSettings,
                    cluster.system(),
                    new AdminServer.Answers(
                            routes,
                            tokens,
                            audit,
                            Optional.of(api.get().health()),
                            api.get().site()));
            server.note(LocalAddress.admin(dataDir), token);
            return new ControlPlane(commands, Optional.of(server));
        } catch (IOException e) {
            commands.close();
            throw e;
        }
    }

    /** Returns the URL of the admin API for programs on this machine; empty when it is off. */
    public Optional<String> url() {
        return api.map(AdminServer::url);
    }

    @Override
    public void close() {
        api.ifPresent(AdminServer::close);
        commands.close();
    }
}
