package flotilla.ops.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code proftpd.conf}: directives, and sections in angle brackets. {@code IfModule} and {@code Global} are read as if
 * they were not there. What holds only with {@code proftpd -D} or without a module is left out.
 *
 * @param directives in the order of lines, those in sections, too
 * @param sections all of them
 * @param wrong lines that are neither, and sections that are left out
 */
record ProftpdFile(List<Directive> directives, List<Section> sections, List<Note> wrong) {
    private static final Pattern BEGIN = Pattern.compile("<([A-Za-z]+)\\s*([^>]*)>(?:\\s*#.*)?");
    private static final Pattern END = Pattern.compile("</([A-Za-z]+)\\s*>(?:\\s*#.*)?");
    private static final Pattern WORD = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"|(\\S+)");
    private static final Set<String> TRANSPARENT = Set.of("ifmodule", "ifdefine", "global");
    private static final Pattern SECRET = Pattern.compile("connectinfo|binddn|passphrase|^userpassword");
    private static final int DEEPEST = 32;

    /**
     * A section.
     *
     * @param line its number, from 1
     * @param name in lower case, such as {@code limit}
     * @param outer names of the sections around it
     */
    record Section(int line, String name, String arguments, List<String> outer) {
        /** Returns why ProFTPD, as it is started without options and with all modules, does not read it; empty if it does. */
        Optional<String> leftOut() {
            boolean negated = arguments.startsWith("!");
            if (name.equals("ifdefine") && !negated) {
                return Optional.of("left out with all that is in it: it holds with proftpd -D " + arguments
                        + " only. Take its two lines out if yours is started so");
            }
            return name.equals("ifmodule") && negated
                    ? Optional.of("left out with all that is in it: it holds in a ProFTPD without this module only")
                    : Optional.empty();
        }

        String shown() {
            return "<" + name + (arguments.isEmpty() ? "" : " " + arguments) + ">";
        }
    }

    /**
     * A directive.
     *
     * @param line its number, from 1
     * @param name as it stands in the file
     * @param in the sections around it, the inmost last
     */
    record Directive(int line, String name, List<String> arguments, List<Section> in) {
        String key() {
            return name.toLowerCase(Locale.ROOT);
        }

        /** Returns an argument, or an empty text. */
        String argument(int index) {
            return index < arguments.size() ? arguments.get(index) : "";
        }

        /** Returns it as it stands in the file. What may have a password has no arguments. */
        String shown() {
            return SECRET.matcher(key()).find() ? name : (name + " " + String.join(" ", arguments)).strip();
        }

        String from() {
            return "line " + line + ": " + shown();
        }

        boolean isOn() {
            return Set.of("on", "true", "yes", "1").contains(argument(0).toLowerCase(Locale.ROOT));
        }

        boolean isIn(String section) {
            return in.stream().anyMatch(one -> one.name().equals(section));
        }
    }

    /** Reads a file of at most 1 MiB. */
    static ProftpdFile read(Path file) throws IOException {
        return new Reader().read(TextFile.lines(file));
    }

    private static final class Reader {
        private final List<Directive> directives = new ArrayList<>();
        private final List<Section> sections = new ArrayList<>();
        private final List<Note> wrong = new ArrayList<>();
        private final Deque<Section> open = new ArrayDeque<>();

        ProftpdFile read(List<String> lines) {
            StringBuilder whole = new StringBuilder();
            int begun = 1;
            for (int i = 0; i < lines.size(); i++) {
                begun = whole.isEmpty() ? i + 1 : begun;
                String line = lines.get(i).strip();
                if (line.endsWith("\\")) {
                    whole.append(line, 0, line.length() - 1).append(' ');
                } else {
                    line(begun, whole.append(line).toString().strip());
                    whole.setLength(0);
                }
            }
            line(begun, whole.toString().strip());
            open.forEach(section -> wrong.add(new Note(section.line(), section.shown(), "the section has no end")));
            return new ProftpdFile(directives, sections, wrong);
        }

        private void line(int number, String line) {
            if (line.isEmpty() || line.startsWith("#")) {
                return;
            }
            Matcher begin = BEGIN.matcher(line);
            Matcher end = END.matcher(line);
            if (begin.matches()) {
                begin(
                        number,
                        begin.group(1).toLowerCase(Locale.ROOT),
                        begin.group(2).strip());
            } else if (end.matches()) {
                end(number, end.group(1).toLowerCase(Locale.ROOT), line);
            } else if (line.startsWith("<")) {
                wrong.add(new Note(number, line, "it is no section"));
            } else if (!isLeftOut()) {
                List<String> words = words(line);
                directives.add(
                        new Directive(number, words.get(0), List.copyOf(words.subList(1, words.size())), visible()));
            }
        }

        private void begin(int number, String name, String arguments) {
            Section section = new Section(
                    number,
                    name,
                    arguments,
                    visible().stream().map(Section::name).toList());
            if (open.size() == DEEPEST) {
                wrong.add(new Note(number, section.shown(), "it is in too many sections"));
                return;
            }
            boolean isInner = isLeftOut();
            open.addLast(section);
            if (!isInner) {
                section.leftOut().ifPresent(why -> wrong.add(new Note(number, section.shown(), why)));
            }
            if (!TRANSPARENT.contains(name) && !isInner) {
                sections.add(section);
            }
        }

        private void end(int number, String name, String line) {
            if (open.isEmpty() || !open.getLast().name().equals(name)) {
                wrong.add(new Note(number, line, "no such section is open"));
                return;
            }
            open.removeLast();
        }

        private boolean isLeftOut() {
            return open.stream().anyMatch(section -> section.leftOut().isPresent());
        }

        private List<Section> visible() {
            return open.stream()
                    .filter(section -> !TRANSPARENT.contains(section.name()))
                    .toList();
        }

        private static List<String> words(String line) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(line);
            while (word.find()) {
                if (word.group(1) == null && word.group(2).startsWith("#")) {
                    break;
                }
                words.add(word.group(1) == null ? word.group(2) : word.group(1).replaceAll("\\\\(.)", "$1"));
            }
            return words;
        }
    }
}
