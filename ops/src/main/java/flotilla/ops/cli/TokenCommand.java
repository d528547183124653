package flotilla.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.TokenFile;
import flotilla.ops.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code flotilla token}: manages the tokens of the admin API. It changes the file, and a running server reads it
 * again.
 */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Tokens of the admin API. The server keeps only their hashes.",
        synopsisSubcommandLabel = "COMMAND")
final class TokenCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private static TokenFile file(ConfigOptions options) throws ConfigException {
        return new TokenFile(options.load().admin().tokensFile());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: add, list or remove");
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Makes a token and prints it. It cannot be shown again.",
            footer = {"  flotilla token add grafana", "  flotilla token add operations --role operator"})
    int add(
            @Parameters(
                            paramLabel = "NAME",
                            description = "Name of the token. The audit log shows it with each change.")
                    String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "viewer",
                            description =
                                    "viewer, operator or administrator; default ${DEFAULT-VALUE}. Only an administrator may change accounts.")
                    Role role,
            @Mixin ConfigOptions options)
            throws IOException, ConfigException {
        out().println(file(options).add(name, role));
        out().flush();
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows the names and roles of all tokens.",
            footer = {"  flotilla token list", "  flotilla token list --json"})
    int list(
            @Option(names = "--json", description = "Prints a list of objects with name, role and created.")
                    boolean json,
            @Mixin ConfigOptions options)
            throws IOException, ConfigException {
        if (json) {
            ArrayNode tokens = JsonNodeFactory.instance.arrayNode();
            file(options).read().forEach(token -> tokens.addObject()
                    .put("name", token.name())
                    .put("role", token.role().name().toLowerCase(Locale.ROOT))
                    .put("created", token.created().toString()));
            out().println(tokens.toPrettyString());
            out().flush();
            return 0;
        }
        Table table = new Table("NAME", "ROLE", "CREATED");
        file(options)
                .read()
                .forEach(token -> table.row(
                        token.name(),
                        token.role().name().toLowerCase(Locale.ROOT),
                        token.created().toString()));
        table.print(out());
        out().flush();
        return 0;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes a token, which is worthless then.",
            exitCodeList = "6:There is no such token.",
            footer = "  flotilla token remove grafana")
    int remove(
            @Parameters(paramLabel = "NAME", description = "Name of the token.") String name,
            @Mixin ConfigOptions options)
            throws IOException, ConfigException {
        if (!file(options).remove(name)) {
            spec.commandLine().getErr().println("flotilla: there is no token " + name);
            return AdminCommand.NOT_THERE;
        }
        return 0;
    }
}
