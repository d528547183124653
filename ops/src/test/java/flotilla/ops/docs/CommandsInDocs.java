package flotilla.ops.docs;

import flotilla.ops.cli.FlotillaCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Compares commands that a page shows with those that the command line knows. */
final class CommandsInDocs {
    /** A command at the beginning of a line, behind a pipe, or by its path. */
    private static final Pattern COMMAND = Pattern.compile("(?:^\\s*|\\| |/bin/)flotilla ([a-z].*)");

    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");
    /** What ends a command in a shell, and in a pattern such as {@code haproxy | nftables}. */
    private static final Set<String> ENDS = Set.of("|", "\\|", ">", "<", "&&", ";", "#");

    private final CommandLine root = FlotillaCommand.parser();

    /** What is wrong with the command in a text; empty when nothing is, or when there is no command in it. */
    Optional<String> problem(String text) {
        Matcher command = COMMAND.matcher(text);
        return command.find() ? problemOf(command.group(1)) : Optional.empty();
    }

    /** The same of a command without {@code flotilla} before it. Brackets around what may be left out are ignored. */
    private Optional<String> problemOf(String command) {
        CommandLine line = root;
        boolean named = true;
        for (String word : words(command)) {
            CommandLine sub = named ? line.getSubcommands().get(word) : null;
            if (sub != null) {
                line = sub;
            } else if (line == root && word.equals("archive")) {
                return Optional.empty(); // of the launcher
            } else if (word.startsWith("--")) {
                String option = word.replaceFirst("=.*", "");
                if (!line.getCommandSpec().optionsMap().containsKey(option)) {
                    return Optional.of(line.getCommandSpec().qualifiedName() + " has no option " + option);
                }
                named = false;
            } else if (named && !line.getSubcommands().isEmpty()) {
                return Optional.of(line.getCommandSpec().qualifiedName() + " has no command " + word);
            } else {
                named = false;
            }
        }
        return Optional.empty();
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find() && !ENDS.contains(word.group())) {
            String text = word.group();
            words.add(text.startsWith("\"") || text.startsWith("'") ? "TEXT" : text.replaceAll("[\\[\\];,)]", ""));
        }
        words.removeIf(String::isEmpty);
        return words;
    }
}
