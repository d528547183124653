package flotilla.node.access;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names that may log in, or that may not, from a file in the format of vsftpd's {@code userlist_file}: one name a
 * line; empty lines and lines that begin with {@code #} do not count.
 */
public final class UserList {
    /** The meaning of the list. */
    public enum Mode {
        /** There is no list. */
        OFF,
        /** Only the names in the list may log in. */
        ALLOW,
        /** The names in the list may not log in. */
        DENY
    }

    /**
     * The settings of the list.
     *
     * @param file the list; empty for none
     * @param maxBytes bytes of the file
     */
    public record Settings(Mode mode, Optional<Path> file, int maxBytes) {
        /** No list. */
        public static final Settings NONE = new Settings(Mode.OFF, Optional.empty(), 0);
    }

    private final Mode mode;
    private final Optional<WatchedList<Set<String>>> names;

    private UserList(Mode mode, Optional<WatchedList<Set<String>>> names) {
        this.mode = mode;
        this.names = names;
    }

    /**
     * Reads the list. Blocks.
     *
     * @throws ListProblem when there is a file that cannot be read, or is too long
     */
    public static UserList open(Settings settings) throws ListProblem {
        return settings.mode() == Mode.OFF || settings.file().isEmpty()
                ? new UserList(Mode.OFF, Optional.empty())
                : new UserList(
                        settings.mode(),
                        Optional.of(WatchedList.open(
                                settings.file().get(), settings.maxBytes(), (file, text) -> names(text))));
    }

    private static Set<String> names(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns true when a user of this name may log in. Does not block. */
    public boolean allows(String name) {
        return names.map(list -> list.now().contains(name) == (mode == Mode.ALLOW))
                .orElse(true);
    }

    /** Reads the list again if its file has changed. Blocks. */
    public void look() {
        names.ifPresent(WatchedList::look);
    }
}
