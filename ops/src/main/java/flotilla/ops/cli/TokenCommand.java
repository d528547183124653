package flotilla.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.TokenFile;
import flotilla.ops.admin.TokenFile.Token;
import flotilla.ops.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
            footer = {
                "  flotilla token add grafana",
                "  flotilla token add operations --role operator --expires 90d --scope sessions,bans"
            })
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
                                    "viewer, operator or administrator (or admin); default ${DEFAULT-VALUE}. Only an administrator may change accounts.")
                    Role role,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description =
                                    "When it becomes worthless: 90d from now, or a time such as 2030-01-01T00:00:00Z. Without it, never.")
                    @Nullable String expires,
            @Option(
                            names = "--scope",
                            paramLabel = "PATH",
                            split = ",",
                            description =
                                    "What it is for: beginnings of paths of the API, such as sessions or nodes/node-1. Without it, all that the role allows.")
                    @Nullable List<String> scope,
            @Mixin ConfigOptions options)
            throws IOException, ConfigException {
        out().println(file(options)
                .add(name, role, expires == null ? Instant.MAX : end(expires), scope == null ? List.of() : scope));
        out().flush();
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows all tokens: roles, ends and scopes. An end that is over is marked.",
            footer = {"  flotilla token list", "  flotilla token list --json"})
    int list(
            @Option(
                            names = "--json",
                            description =
                                    "Prints a list of objects with name, role, created, expires and scope. The last two may be missing.")
                    boolean json,
            @Mixin ConfigOptions options)
            throws IOException, ConfigException {
        if (json) {
            ArrayNode tokens = JsonNodeFactory.instance.arrayNode();
            file(options).read().forEach(token -> show(token, tokens.addObject()));
            out().println(tokens.toPrettyString());
            out().flush();
            return 0;
        }
        Table table = new Table("NAME", "ROLE", "CREATED", "EXPIRES", "SCOPE");
        file(options)
                .read()
                .forEach(token -> table.row(
                        token.name(),
                        token.role().text(),
                        token.created().toString(),
                        end(token),
                        String.join(",", token.scope())));
        table.print(out());
        out().flush();
        return 0;
    }

    private static void show(Token token, ObjectNode json) {
        json.put("name", token.name())
                .put("role", token.role().text())
                .put("created", token.created().toString());
        if (!token.expires().equals(Instant.MAX)) {
            json.put("expires", token.expires().toString());
        }
        if (!token.scope().isEmpty()) {
            token.scope().forEach(json.putArray("scope")::add);
        }
    }

    private static String end(Token token) {
        return token.expires().equals(Instant.MAX)
                ? "never"
                : token.expires() + (token.isExpired(Instant.now()) ? " (over)" : "");
    }

    /** Reads a time, or a duration from now. */
    private static Instant end(String text) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant end;
        try {
            end = Instant.parse(text);
        } catch (DateTimeParseException notATime) {
            end = now.plus(Durations.parse("--expires", text));
        }
        if (!end.isAfter(now)) {
            throw new IllegalArgumentException("--expires must be in the future: " + text);
        }
        return end;
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
