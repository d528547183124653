package flotilla.ops.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Manual pages, made from the command line and from reference.conf: flotilla(1), one page for each subcommand, and
 * flotilla.conf(5). They have the format of man(7).
 */
final class ManPages {
    private static final String DEFAULTS = "/flotilla/reference.conf";

    private final CommandLine root;
    private final String version;

    /**
     * @param root the parser of all commands
     * @param version of the server, in the footer of each page
     */
    ManPages(CommandLine root, String version) {
        this.root = root;
        this.version = version;
    }

    /**
     * Writes all pages into the directories man1 and man5 of a directory.
     *
     * @return the files
     */
    List<Path> write(Path directory) throws IOException {
        Map<String, String> pages = new TreeMap<>();
        pages.put("flotilla.1", command(root));
        root.getSubcommands().values().forEach(line -> pages.put(name(line.getCommandSpec()) + ".1", command(line)));
        pages.put("flotilla.conf.5", configuration());
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path file = file(directory, page.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, page.getValue());
        }
        return pages.keySet().stream().map(name -> file(directory, name)).toList();
    }

    private static Path file(Path directory, String name) {
        return directory.resolve("man" + name.charAt(name.length() - 1)).resolve(name);
    }

    private String command(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        StringBuilder page = new StringBuilder(head(name(spec), 1));
        page.append(section("NAME", name(spec) + " \\- " + firstSentence(spec)));
        page.append(line.getSubcommands().isEmpty() ? one(spec) : several(line));
        page.append(entries("EXIT STATUS", spec.usageMessage().exitCodeList()));
        return page + seeAlso(line);
    }

    private String one(CommandSpec spec) {
        return section("SYNOPSIS", synopsis(spec)) + body("DESCRIPTION", spec);
    }

    /** The page of a command that has subcommands: a part for each of them. */
    private String several(CommandLine line) {
        Map<String, CommandLine> parts = new TreeMap<>(line.getSubcommands());
        String synopses = parts.values().stream()
                .map(part -> synopsis(part.getCommandSpec()))
                .collect(Collectors.joining("\n.br\n"));
        StringBuilder text = new StringBuilder(section("SYNOPSIS", synopses))
                .append(section("DESCRIPTION", escaped(description(line.getCommandSpec()))));
        if (line == root) {
            Map<String, String> commands = new TreeMap<>();
            parts.forEach((name, part) -> commands.put(name, firstSentence(part.getCommandSpec())));
            return text + entries("COMMANDS", commands);
        }
        parts.values()
                .forEach(part -> text.append(
                        body(part.getCommandSpec().qualifiedName().toUpperCase(Locale.ROOT), part.getCommandSpec())));
        return text.toString();
    }

    private String body(String title, CommandSpec spec) {
        StringBuilder text = new StringBuilder(section(title, escaped(description(spec))));
        arguments(spec).forEach(argument -> text.append(entry(label(argument), meaning(argument))));
        if (spec.usageMessage().footer().length > 0) {
            text.append(".PP\nExamples:\n.PP\n.nf\n.RS\n");
            Arrays.stream(spec.usageMessage().footer())
                    .forEach(example -> text.append(escaped(example.strip())).append('\n'));
            text.append(".RE\n.fi\n");
        }
        return text.toString();
    }

    private String configuration() throws IOException {
        try (var defaults = ManPages.class.getResourceAsStream(DEFAULTS)) {
            if (defaults == null) {
                throw new IOException(DEFAULTS + " is missing");
            }
            String text = new String(defaults.readAllBytes(), StandardCharsets.UTF_8);
            return head("flotilla.conf", 5)
                    + section("NAME", "flotilla.conf \\- configuration of the Flotilla FTPS server")
                    + section(
                            "DESCRIPTION",
                            "The server and its commands read the file that \\-\\-config names, else that of the"
                                    + " environment variable FLOTILLA_CONFIG, else /etc/flotilla/flotilla.conf."
                                    + " The format is HOCON, and JSON is valid, too. Each key is shown with its default.")
                    + ".SH KEYS\n.nf\n"
                    + text.lines().map(ManPages::escaped).collect(Collectors.joining("\n"))
                    + "\n.fi\n"
                    + section("SEE ALSO", ".BR flotilla (1)");
        }
    }

    private String seeAlso(CommandLine line) {
        Stream<String> names = line == root
                ? Stream.concat(
                        root.getSubcommands().values().stream()
                                .map(part -> name(part.getCommandSpec()))
                                .sorted(),
                        Stream.of("flotilla.conf"))
                : Stream.of("flotilla", "flotilla.conf");
        return section(
                "SEE ALSO",
                names.map(name -> ".BR " + escaped(name) + (name.endsWith(".conf") ? " (5)" : " (1)"))
                        .collect(Collectors.joining(",\n")));
    }

    private String head(String name, int chapter) {
        return ".TH \"" + name.toUpperCase(Locale.ROOT) + "\" \"" + chapter + "\" \"\" \"" + version
                + "\" \"Flotilla\"\n.nh\n.ad l\n";
    }

    private static String section(String title, String text) {
        return ".SH \"" + title + "\"\n" + text + "\n";
    }

    private static String entries(String title, Map<String, String> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach((name, meaning) -> text.append(entry(name, meaning)));
        return entries.isEmpty() ? "" : ".SH \"" + title + "\"\n" + text;
    }

    private static String entry(String name, String meaning) {
        return ".TP\n.B " + escaped(name) + "\n" + escaped(meaning) + "\n";
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private static String description(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    private static String firstSentence(CommandSpec spec) {
        String all = description(spec);
        int end = all.indexOf(". ");
        return escaped((end < 0 ? all : all.substring(0, end)).replaceFirst("\\.$", ""));
    }

    private static String synopsis(CommandSpec spec) {
        String positional = spec.positionalParameters().stream()
                .map(argument -> " " + (argument.required() ? label(argument) : "[" + label(argument) + "]"))
                .collect(Collectors.joining());
        return ".B " + escaped(spec.qualifiedName()) + "\n" + escaped("[OPTION...]" + positional);
    }

    private static Stream<ArgSpec> arguments(CommandSpec spec) {
        return Stream.concat(
                spec.positionalParameters().stream(),
                new LinkedHashSet<>(spec.options()).stream().sorted(Comparator.comparing(OptionSpec::longestName)));
    }

    private static String meaning(ArgSpec argument) {
        return String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", argument.defaultValue() == null ? "" : argument.defaultValue());
    }

    private static String label(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
        }
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return option.longestName()
                + (option.arity().min() == 0 && !value.isEmpty() ? "[" + value.strip() + "]" : value);
    }

    /** Returns text that man(7) shows as it is. */
    private static String escaped(String text) {
        String line = text.replace("\\", "\\e").replace("-", "\\-");
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }
}
