package flotilla.ops.cli;

import flotilla.ops.setup.Invitations;
import flotilla.ops.setup.Member;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a node invites others. */
final class InvitationOptions {
    private static final int NODES_MISSING = 7;

    @Option(
            names = "--invite-port",
            paramLabel = "PORT",
            defaultValue = "7356",
            description =
                    "Port at which the others fetch their files, on this node's address. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "30m",
            description = "How long the tokens are valid. Default: ${DEFAULT-VALUE}.")
    private String duration = "";

    /**
     * Invites nodes, and waits for them.
     *
     * @return exit code
     */
    int await(CommandSpec spec, Invitations invitations, List<Member> members) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Set<String> missing = invitations.await(members, port, Durations.parse("--for", duration), line -> {
            out.println(line);
            out.flush();
        });
        if (!missing.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("flotilla: not joined: " + String.join(", ", missing)
                            + "; flotilla invite makes new tokens");
            return NODES_MISSING;
        }
        return 0;
    }
}
