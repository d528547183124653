package flotilla.ops.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lines of a {@code hosts.allow} or {@code hosts.deny} (hosts_access(5)) that hold for some of several daemons, such as
 * {@code ALL EXCEPT vsftpd: ALL}. One list of networks cannot say that.
 */
public final class HostsExcept {
    private static final String EXCEPT = "except";
    private static final String ALL = "all";

    private HostsExcept() {}

    /**
     * Returns a note for each line whose {@code EXCEPT} names some of the daemons and not all.
     *
     * @param text the file
     * @param daemons in lower case
     */
    public static List<Note> notes(String text, Set<String> daemons) {
        List<Note> notes = new ArrayList<>();
        StringBuilder whole = new StringBuilder();
        int number = 0;
        int begun = 1;
        for (String line : text.lines().toList()) {
            number++;
            begun = whole.isEmpty() ? number : begun;
            if (line.endsWith("\\")) {
                whole.append(line, 0, line.length() - 1);
            } else {
                line(begun, whole.append(line).toString().strip(), daemons, notes);
                whole.setLength(0);
            }
        }
        line(begun, whole.toString().strip(), daemons, notes);
        return notes;
    }

    private static void line(int number, String line, Set<String> daemons, List<Note> notes) {
        if (line.startsWith("#") || !line.contains(":")) {
            return;
        }
        List<String> words = Arrays.stream(line.substring(0, line.indexOf(':'))
                        .toLowerCase(Locale.ROOT)
                        .split("[\\s,]+"))
                .map(word -> word.replaceFirst("@.*", ""))
                .toList();
        int except = words.indexOf(EXCEPT);
        if (except < 0) {
            return;
        }
        List<String> named = words.subList(0, except);
        Set<String> holds = new TreeSet<>(daemons);
        if (!named.contains(ALL)) {
            holds.retainAll(named);
        }
        Set<String> excepted = new HashSet<>(words.subList(except + 1, words.size()));
        boolean some = holds.stream().anyMatch(excepted::contains);
        holds.removeAll(excepted);
        if (some && !holds.isEmpty() && !excepted.contains(ALL)) {
            notes.add(new Note(
                    number,
                    line,
                    "left out, although it holds for " + String.join(", ", holds)
                            + ". --daemon NAME says which server this one replaces"));
        }
    }
}
