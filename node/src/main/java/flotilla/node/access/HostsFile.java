package flotilla.node.access;

import flotilla.node.access.AddressSet.Range;
import flotilla.node.protocol.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A list of addresses: in the format of hosts.allow and hosts.deny (hosts_access(5)), or one network a line. Of the
 * first, only lines for the daemons {@code flotilla}, {@code vsftpd} and {@code ALL} count.
 */
final class HostsFile {
    /** The file of the two, whose lines either let in or keep out. */
    enum Kind {
        ALLOW,
        DENY
    }

    /**
     * What was read.
     *
     * @param addresses those that the lines name
     * @param notes lines that are not understood, at most {@link #MOST_NOTES}
     */
    record Parsed(AddressSet addresses, List<Note> notes) {}

    /**
     * A line that is not understood.
     *
     * @param line its number, from 1
     * @param unsafe true when more clients would get in without it
     */
    record Note(int line, String text, boolean unsafe) {}

    static final int MOST_NOTES = 100;
    private static final int MOST_OF_WHOLE = 100_000;

    private static final Set<String> OURS = Set.of("all", "flotilla", "vsftpd");
    private static final String EXCEPT = "EXCEPT";
    private static final Pattern COMMENT = Pattern.compile("\\s+#.*");
    private static final Pattern BLANKS = Pattern.compile("[\\s,]+");

    private final Kind kind;
    private final Set<String> ours;
    private final boolean all;
    private final List<Range> ranges = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    private HostsFile(Kind kind, Set<String> ours, boolean all) {
        this.kind = kind;
        this.ours = ours;
        this.all = all;
    }

    static Parsed parse(String text, Kind kind) {
        return new HostsFile(kind, OURS, false).read(text);
    }

    /**
     * Reads the lines of other daemons, and notes all that are not understood.
     *
     * @param daemons in lower case, besides {@code all}
     */
    static Parsed whole(String text, Kind kind, Set<String> daemons) {
        Set<String> names = new HashSet<>(daemons);
        names.add("all");
        return new HostsFile(kind, names, true).read(text);
    }

    private Parsed read(String text) {
        int number = 0;
        int begun = 1;
        StringBuilder whole = new StringBuilder();
        for (String line : text.lines().toList()) {
            number++;
            begun = whole.isEmpty() ? number : begun;
            if (line.endsWith("\\")) {
                whole.append(line, 0, line.length() - 1);
            } else {
                line(begun, whole.append(line).toString().strip());
                whole.setLength(0);
            }
        }
        line(begun, whole.toString().strip());
        return new Parsed(AddressSet.of(ranges), List.copyOf(notes));
    }

    private void line(int number, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        try {
            whole(line);
        } catch (Unclear unclear) {
            note(new Note(number, String.valueOf(unclear.getMessage()), isUnsafe(line)));
        }
    }

    /** Keeps a note. The first unsafe one has a place of its own. */
    private void note(Note note) {
        boolean room = all
                ? notes.size() < MOST_OF_WHOLE
                : note.unsafe() ? notes.stream().noneMatch(Note::unsafe) : notes.size() < MOST_NOTES;
        if (room) {
            notes.add(note);
        }
    }

    private void whole(String whole) throws Unclear {
        String line = COMMENT.matcher(whole).replaceFirst("");
        Optional<Network> network = network(line);
        if (network.isPresent()) {
            ranges.add(Range.of(network.get()));
            return;
        }
        List<String> fields = fields(line);
        if (fields.size() == 1) {
            ranges.addAll(clients(words(line)).ranges());
        } else if (concerns(words(fields.get(0)))) {
            checkOptions(fields.subList(2, fields.size()));
            ranges.addAll(clients(words(fields.get(1))).ranges());
        }
    }

    /** Reads a block, or an IPv6 address without brackets, whose colons are no separators. */
    private static Optional<Network> network(String text) {
        try {
            return text.contains("/") || text.contains(":") ? Optional.of(Network.parse(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Cuts a line at colons. Those in brackets belong to an IPv6 address. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        boolean bracketed = false;
        int begin = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            bracketed = c == '[' || bracketed && c != ']';
            if (c == ':' && !bracketed) {
                fields.add(line.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        fields.add(line.substring(begin).strip());
        return fields;
    }

    private static List<String> words(String list) {
        return Arrays.stream(BLANKS.split(list)).filter(word -> !word.isEmpty()).toList();
    }

    private static int except(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equalsIgnoreCase(EXCEPT)) {
                return i;
            }
        }
        return -1;
    }

    private boolean concerns(List<String> daemons) throws Unclear {
        int except = except(daemons);
        boolean named = false;
        for (String daemon : except < 0 ? daemons : daemons.subList(0, except)) {
            int at = daemon.indexOf('@');
            boolean isOurs = ours.contains((at < 0 ? daemon : daemon.substring(0, at)).toLowerCase(Locale.ROOT));
            if (isOurs && at >= 0) {
                throw new Unclear(daemon + ": a daemon at an address is not supported");
            }
            named |= isOurs;
        }
        return named && (except < 0 || !concerns(daemons.subList(except + 1, daemons.size())));
    }

    private static AddressSet clients(List<String> patterns) throws Unclear {
        int except = except(patterns);
        List<Range> named = new ArrayList<>();
        for (String pattern : except < 0 ? patterns : patterns.subList(0, except)) {
            named.addAll(ClientPattern.ranges(pattern));
        }
        if (named.isEmpty()) {
            throw new Unclear("no client is named");
        }
        AddressSet all = AddressSet.of(named);
        return except < 0 ? all : all.minus(clients(patterns.subList(except + 1, patterns.size())));
    }

    private void checkOptions(List<String> options) throws Unclear {
        if (!options.isEmpty() && !(options.size() == 1 && options.get(0).equalsIgnoreCase(kind.name()))) {
            throw new Unclear("shell commands and options are not supported: " + String.join(":", options));
        }
    }

    /** A line of hosts.allow may deny, by an option. */
    private boolean isUnsafe(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return kind == Kind.DENY || lower.matches(".*:\\s*(deny|twist)\\b.*");
    }
}
