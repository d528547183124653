package flotilla.ops.docs;

import flotilla.ops.cli.FlotillaCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes docs/reference/cli.md from the command line. Its parts are {@code flotilla} (the command without a
 * subcommand), {@code common options}, and others that name the commands they show.
 */
final class CommandsPage {
    private static final String ROOT = "flotilla";
    private static final String COMMON = "common options";
    /** Options of so many commands are shown once. */
    private static final int MANY = 5;

    private static final Set<String> STANDARD = Set.of("--help", "--version");

    private final CommandLine root = FlotillaCommand.parser();
    private final Map<String, Long> uses;

    private CommandsPage() {
        uses = leaves(root)
                .flatMap(leaf -> leaf.getCommandSpec().options().stream())
                .collect(Collectors.groupingBy(CommandsPage::identity, Collectors.counting()));
    }

    /**
     * Returns the page with its parts written anew.
     *
     * @throws IllegalStateException when the parts do not name each command once, or a command has no example
     */
    static String written(String page) {
        CommandsPage commands = new CommandsPage();
        List<String> shown = new ArrayList<>();
        for (String part : MarkedParts.names(page)) {
            shown.addAll(part.equals(COMMON) ? List.of(COMMON) : List.of(part.split(" ")));
        }
        shown.sort(Comparator.naturalOrder());
        Set<String> all = new TreeSet<>(commands.root.getSubcommands().keySet());
        all.addAll(List.of(ROOT, COMMON));
        if (!shown.equals(List.copyOf(all))) {
            throw new IllegalStateException("docs/reference/cli.md has " + shown + ", and flotilla has " + all);
        }
        return MarkedParts.written(page, commands::part);
    }

    /** Returns all commands that do something, each group in alphabetical order. */
    static Stream<CommandLine> leaves(CommandLine line) {
        return line.getSubcommands().isEmpty()
                ? Stream.of(line)
                : new TreeMap<>(line.getSubcommands()).values().stream().flatMap(CommandsPage::leaves);
    }

    private String part(String name) {
        return switch (name) {
            case ROOT -> Markdown.blocks(Stream.of(description(root), exitCodes(root)));
            case COMMON -> Markdown.table(List.of("option", "meaning"), common());
            default ->
                Markdown.blocks(Arrays.stream(name.split(" "))
                        .map(command -> root.getSubcommands().get(command))
                        .flatMap(line -> line.getSubcommands().isEmpty()
                                ? Stream.of(section(line))
                                : Stream.concat(
                                        Stream.of(description(line)),
                                        leaves(line).map(this::section))));
        };
    }

    private List<List<String>> common() {
        Map<String, List<String>> rows = new TreeMap<>();
        leaves(root)
                .flatMap(leaf -> leaf.getCommandSpec().options().stream())
                .filter(this::isCommon)
                .forEach(option -> rows.put(option.longestName(), row(option)));
        return List.copyOf(rows.values());
    }

    private String section(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        List<List<String>> arguments = Stream.concat(
                        spec.positionalParameters().stream(), options(spec).filter(option -> !isCommon(option)))
                .map(CommandsPage::row)
                .toList();
        return Markdown.blocks(Stream.of(
                "### " + spec.qualifiedName().replaceFirst("^" + ROOT + " ", "") + "\n",
                "    " + synopsis(spec) + "\n",
                description(line),
                arguments.isEmpty() ? "" : Markdown.table(List.of("argument", "meaning"), arguments),
                commonOf(spec),
                exitCodes(line),
                examples(spec)));
    }

    private static String description(CommandLine line) {
        return Markdown.wrapped(
                "", String.join(" ", line.getCommandSpec().usageMessage().description()));
    }

    private static String exitCodes(CommandLine line) {
        List<List<String>> rows = line.getCommandSpec().usageMessage().exitCodeList().entrySet().stream()
                .map(code -> List.of(code.getKey(), code.getValue()))
                .toList();
        return rows.isEmpty() ? "" : Markdown.table(List.of("exit code", "meaning"), rows);
    }

    private String commonOf(CommandSpec spec) {
        List<String> names = options(spec)
                .filter(option -> isCommon(option) && !STANDARD.contains(option.longestName()))
                .map(option -> Markdown.code(option.longestName()))
                .toList();
        return names.isEmpty() ? "" : Markdown.wrapped("", "Common options: " + String.join(", ", names) + ".");
    }

    private static String examples(CommandSpec spec) {
        String[] examples = spec.usageMessage().footer();
        if (examples.length == 0) {
            throw new IllegalStateException(spec.qualifiedName() + " has no example");
        }
        return Arrays.stream(examples)
                .map(example -> "    " + example.strip() + "\n")
                .collect(Collectors.joining("", examples.length == 1 ? "Example:\n\n" : "Examples:\n\n", ""));
    }

    private static String synopsis(CommandSpec spec) {
        Stream<String> required = options(spec).filter(OptionSpec::required).map(CommandsPage::label);
        Stream<String> parameters = spec.positionalParameters().stream().map(CommandsPage::label);
        return Stream.of(Stream.of(spec.qualifiedName()), required, Stream.of("[OPTION...]"), parameters)
                .flatMap(Function.identity())
                .collect(Collectors.joining(" "));
    }

    /** Returns the options by name, so that their order does not depend on the JVM. */
    private static Stream<OptionSpec> options(CommandSpec spec) {
        return new LinkedHashSet<>(spec.options()).stream().sorted(Comparator.comparing(OptionSpec::longestName));
    }

    private boolean isCommon(OptionSpec option) {
        return uses.getOrDefault(identity(option), 0L) >= MANY;
    }

    private static String identity(OptionSpec option) {
        return option.longestName() + " " + meaning(option);
    }

    private static List<String> row(ArgSpec argument) {
        return List.of(Markdown.code(label(argument)), meaning(argument));
    }

    private static String meaning(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private static String label(ArgSpec argument) {
        String label = argument.paramLabel();
        if (argument instanceof PositionalParamSpec parameter) {
            String repeated = parameter.arity().max() > 1 ? label + "..." : label;
            return parameter.required() ? repeated : "[" + repeated + "]";
        }
        OptionSpec option = (OptionSpec) argument;
        if (option.arity().max() == 0) {
            return option.longestName();
        }
        return option.longestName() + (option.arity().min() == 0 ? "[=" + label + "]" : " " + label);
    }
}
