package flotilla.ops.cli;

import flotilla.cluster.JoinException;
import flotilla.node.tls.KeyChoice;
import flotilla.ops.admin.Role;
import flotilla.ops.config.ConfigException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code flotilla} and its subcommands. Exit codes: 0 done, 1 failed, 2 wrong usage, 78 configuration refused. Also of
 * {@code serve}: 3 out of memory, 4 removed from the cluster, 5 not admitted to it. Also of commands to a server: 6 not found, 7 some
 * nodes did not answer.
 */
@Command(
        name = "flotilla",
        mixinStandardHelpOptions = true,
        versionProvider = FlotillaCommand.Version.class,
        description = "A clustered FTPS server.",
        exitCodeList = {
            "0:Done. Of serve: drained and stopped.",
            "1:Failed. The last line of standard error says why.",
            "2:Wrong usage of the command line.",
            "3:Of serve: the memory was used up (the JVM's own code).",
            "4:Of serve: the other nodes removed this node.",
            "5:Of serve: the cluster did not take this node.",
            "6:There is no such session, node, ban or token.",
            "7:Some nodes did not answer.",
            "75:Of serve: restart was asked for. A supervisor starts it again.",
            "78:The configuration is refused. There is a line with file, line and key for each problem.",
            "143:Of serve: SIGTERM, after an orderly stop."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class FlotillaCommand implements Runnable {
    private static final List<Class<?>> SUBCOMMANDS = List.of(
            ServeCommand.class,
            InitCommand.class,
            JoinCommands.Invite.class,
            JoinCommands.Join.class,
            CheckCommand.class,
            ConfigCommand.class,
            SetCommands.Set.class,
            SetCommands.Unset.class,
            UserCommand.class,
            GroupCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ImportCommand.class,
            CertCommand.class,
            KeyCommand.class,
            StoreCommand.class,
            EventCommand.class,
            TlsCommand.class,
            ProbeCommand.class,
            DoctorCommand.class,
            TokenCommand.class,
            SessionCommands.Sessions.class,
            SessionCommands.Kick.class,
            FreezeCommands.Freeze.class,
            FreezeCommands.Thaw.class,
            WhyCommand.class,
            StatsCommand.class,
            TopCommand.class,
            ShareCommands.LimitsCommand.class,
            ShareCommands.Leases.class,
            NodeCommands.Nodes.class,
            ClusterCommand.class,
            NodeCommands.Drain.class,
            NodeCommands.Undrain.class,
            RestartCommand.class,
            BanCommands.Bans.class,
            BanCommands.Ban.class,
            BanCommands.Unban.class,
            ReadOnlyCommand.class,
            AlertCommand.class,
            DemoCommand.class,
            BalancerCommands.Haproxy.class,
            BalancerCommands.Nftables.class,
            BalancerCommands.Kubernetes.class,
            FirewallCommand.class,
            ServerCommands.Status.class,
            ServerCommands.Ready.class,
            ServerCommands.Trace.class,
            ServerCommands.Reload.class,
            ShellCommands.Completion.class,
            ShellCommands.Man.class);

    static final int FAILED = 1;
    /** EX_CONFIG of sysexits.h, which systemd shows by name. The JVM ends with 3 when its memory is used up. */
    static final int CONFIGURATION = 78;

    static final int NOT_JOINED = 5;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Called by picocli, which sets the fields. */
    @SuppressWarnings("NullAway.Init")
    public FlotillaCommand() {}

    /**
     * Runs a command line.
     *
     * @return the exit code
     */
    public static int run(String... arguments) {
        return parser(arguments.length == 0 ? Optional.empty() : named(arguments[0]))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(
                        Role.class,
                        text -> constant(Role.class, text.equalsIgnoreCase("admin") ? "administrator" : text))
                .registerConverter(KeyChoice.class, text -> constant(KeyChoice.class, text))
                .setExecutionExceptionHandler(FlotillaCommand::failed)
                .execute(arguments);
    }

    /** Returns the parser of all subcommands. */
    public static CommandLine parser() {
        return parser(Optional.empty());
    }

    /** Reading the annotations of all subcommands takes a third of the time of a command, so one is enough. */
    private static CommandLine parser(Optional<Class<?>> only) {
        CommandLine parser = new CommandLine(new FlotillaCommand());
        only.map(List::<Class<?>>of).orElse(SUBCOMMANDS).forEach(parser::addSubcommand);
        nameParts(parser);
        return parser;
    }

    /** Sets the headings of the parts of the help that the annotations fill. */
    private static void nameParts(CommandLine line) {
        CommandLine.Model.UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        if (!usage.exitCodeList().isEmpty()) {
            usage.exitCodeListHeading("%nExit codes:%n");
        }
        if (usage.footer().length > 0) {
            usage.footerHeading(usage.footer().length == 1 ? "%nExample:%n" : "%nExamples:%n");
        }
        line.getSubcommands().values().forEach(FlotillaCommand::nameParts);
    }

    private static Optional<Class<?>> named(String name) {
        return SUBCOMMANDS.stream()
                .filter(type -> type.getAnnotation(Command.class).name().equals(name))
                .findFirst();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return AccountValues.constant(type, text)
                .orElseThrow(() -> new CommandLine.TypeConversionException(
                        "there is no " + text + "; there are " + AccountValues.names(type)));
    }

    private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        if (failure instanceof ConfigException config) {
            config.problems().forEach(problem -> line.getErr().println(problem));
            return CONFIGURATION;
        }
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof java.util.concurrent.CompletionException
                        || cause instanceof java.util.concurrent.ExecutionException)) {
            cause = cause.getCause();
        }
        line.getErr().println("flotilla: " + FailureText.of(cause));
        if (System.getenv("FLOTILLA_DEBUG") != null) {
            failure.printStackTrace(line.getErr());
        }
        return cause instanceof JoinException ? NOT_JOINED : FAILED;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Reads the version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = FlotillaCommand.class.getPackage().getImplementationVersion();
            return new String[] {"flotilla " + (version == null ? "(built from source)" : version)};
        }
    }
}
