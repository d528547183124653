package flotilla.ops.cli;

import flotilla.ops.config.Configuration;
import flotilla.ops.setup.Invitations;
import flotilla.ops.setup.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How a node comes to a cluster: {@code flotilla invite} there, {@code flotilla join} here. */
final class JoinCommands {
    private JoinCommands() {}

    /** Waits for nodes. */
    @Command(
            name = "invite",
            mixinStandardHelpOptions = true,
            description = "Hands other nodes the configuration of this one, each with its own name, address and"
                    + " certificate: it prints a token for each and waits until all have joined. Their addresses are in"
                    + " cluster.seeds.",
            exitCodeList = {"0:All have joined.", "7:Some nodes have not joined in time."},
            footer = "  flotilla invite node-4=10.0.0.4")
    static final class Invite implements Callable<Integer> {
        @Mixin
        private SetupFile file = new SetupFile();

        @Mixin
        private InvitationOptions invitation = new InvitationOptions();

        @Parameters(arity = "1..*", paramLabel = "NAME=ADDRESS", description = "The nodes to invite.")
        private List<String> nodes = new ArrayList<>();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            List<Member> members = new ArrayList<>();
            for (String node : nodes) {
                members.add(SetupOptions.member(spec, node));
            }
            return invitation.await(spec, new Invitations(file.path()), members);
        }
    }

    /** The configuration that a command reads. */
    static final class SetupFile {
        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Configuration of this node. Default: the environment variable FLOTILLA_CONFIG, else"
                        + " /etc/flotilla/flotilla.conf.")
        private @Nullable Path file;

        Path path() {
            return ConfigOptions.fileToWrite(Optional.ofNullable(file));
        }
    }

    /** Fetches the files of a node. */
    @Command(
            name = "join",
            mixinStandardHelpOptions = true,
            description =
                    "Makes this machine a node of a cluster: it fetches configuration, certificates and keys from the"
                            + " node that printed the token.",
            exitCodeList = "78:The configuration is written, and refused here. There is a line for each problem.",
            footer = {"  flotilla join flotilla-join-AVk3...", "  flotilla join - < token"})
    static final class Join implements Callable<Integer> {
        @Mixin
        private SetupOptions options = new SetupOptions();

        @Parameters(
                paramLabel = "TOKEN",
                description = "What flotilla init or flotilla invite printed for this node. - reads it from standard"
                        + " input, which other users of this machine do not see.")
        private String token = "";

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Configuration made = Invitations.join(
                    token.equals("-") ? Passwords.fromStandardInput() : token,
                    options.file(),
                    options.given(),
                    options.force());
            spec.commandLine()
                    .getOut()
                    .println(options.file() + " is written for "
                            + made.cluster().self().name() + ". Next: flotilla serve (or systemctl restart flotilla).");
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
