package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The base of the subcommands that use the admin API. Exit codes: 0 done, 1 failed, 6 not found, 7 some nodes did not
 * answer.
 */
abstract class AdminCommand implements Callable<Integer> {
    static final int NOT_THERE = 6;
    static final int INCOMPLETE = 7;

    private static final int NOT_FOUND = 404;
    private static final int SILENT = 504;

    @Mixin
    private AdminOptions options = new AdminOptions();

    @Option(names = "--json", description = "Prints the answer of the API as JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try {
            return run(options.client());
        } catch (AdminClient.Refused refused) {
            return failed(refused);
        } finally {
            out().flush();
        }
    }

    final CommandSpec spec() {
        return spec;
    }

    final AdminOptions options() {
        return options;
    }

    /**
     * Prints why the API refused.
     *
     * @return the exit code
     */
    int failed(AdminClient.Refused refused) {
        spec.commandLine().getErr().println("flotilla: " + refused.getMessage());
        return switch (refused.status()) {
            case NOT_FOUND -> NOT_THERE;
            case SILENT -> INCOMPLETE;
            default -> FlotillaCommand.FAILED;
        };
    }

    abstract int run(AdminClient api) throws AdminClient.Refused, IOException;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    boolean wantsJson() {
        return json;
    }

    /**
     * Prints a table for people, or the whole answer as JSON, and names the nodes that did not answer.
     *
     * @return the exit code
     */
    int show(JsonNode answer, Table table) {
        if (!json) {
            table.print(out());
        }
        return showRest(answer);
    }

    /**
     * Prints the whole answer if JSON is wanted, and names the nodes that did not answer.
     *
     * @return the exit code
     */
    int showRest(JsonNode answer) {
        if (json) {
            out().println(answer.toPrettyString());
        }
        List<String> silent = new ArrayList<>();
        answer.path("incomplete").forEach(node -> silent.add(node.asText()));
        if (silent.isEmpty()) {
            return 0;
        }
        spec.commandLine()
                .getErr()
                .println("flotilla: not complete, these nodes did not answer: " + String.join(", ", silent));
        return INCOMPLETE;
    }

    /**
     * Prints the success.
     *
     * @return the exit code
     */
    int done(JsonNode answer, String text) {
        out().println(json ? answer.toPrettyString() : text);
        return 0;
    }
}
