package flotilla.ops.migrate;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A configuration while it is made: keys with their values, and notes. */
final class Draft {
    private record Entry(String value, String from) {}

    private final String command;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Note> notes = new ArrayList<>();

    /** @param command its name, as in {@code flotilla import NAME} */
    Draft(String command) {
        this.command = command;
    }

    /**
     * Sets a key.
     *
     * @param key without {@code flotilla.}
     * @param value as it stands in the file
     * @param from where it comes from, for the comment
     */
    void put(String key, String value, String from) {
        entries.put(key, new Entry(value, from));
    }

    /** Sets a key to a text, which is quoted. */
    void text(String key, String value, String from) {
        put(key, quoted(value), from);
    }

    /** Sets the modes of new files and directories. */
    void umasks(int files, int directories, String from) {
        put("storage.file-mode", octal(0666 & ~files), from);
        put("storage.directory-mode", octal(0777 & ~directories), from);
    }

    /** Sets a key to a file that must be there, or notes that it is not. */
    boolean file(String key, String path, int line, String from) {
        if (Files.isReadable(Path.of(path))) {
            text(key, path, from);
            return true;
        }
        note(line, from, path + " cannot be read here; " + key + " names such a file");
        return false;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    void note(int line, String setting, String advice) {
        notes.add(new Note(line, setting, advice));
    }

    void notes(Collection<Note> more) {
        notes.addAll(more);
    }

    Translation finish() {
        notes.sort(Comparator.comparingInt(Note::line));
        return new Translation(text(), notes);
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("# Made by flotilla import " + command + ". All keys with their defaults:"
                        + " man 5 flotilla.conf.\n# Accounts are not in it: flotilla user add NAME, or flotilla user import"
                        + " FILE.\n\nflotilla {\n");
        entries.forEach((key, entry) -> text.append("  # ")
                .append(plain(entry.from()))
                .append("\n  ")
                .append(key)
                .append(" = ")
                .append(entry.value())
                .append('\n'));
        text.append("}\n");
        if (!notes.isEmpty()) {
            text.append("\n# What has no counterpart, and what to do instead:\n");
            notes.forEach(note -> text.append("# line ")
                    .append(note.line())
                    .append(": ")
                    .append(plain(note.setting()))
                    .append("\n#     ")
                    .append(plain(note.advice()))
                    .append('\n'));
        }
        return text.toString();
    }

    static String quoted(String text) {
        return ConfigUtil.quoteString(text);
    }

    private static String octal(int mode) {
        return String.format(Locale.ROOT, "\"%04o\"", mode);
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
