package flotilla.node.access;

import flotilla.node.access.HostsFile.Kind;
import flotilla.node.access.HostsFile.Note;
import flotilla.node.access.HostsFile.Parsed;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The addresses that may connect, in the order of TCP wrappers (hosts_access(5)): an address in the first list may, any
 * other one in the second list may not, and all others may.
 */
public final class AccessRules {
    /**
     * The settings of the two lists.
     *
     * @param allow the first list; empty for none
     * @param deny the second list; empty for none
     * @param maxBytes bytes of each file
     */
    public record Settings(Optional<Path> allow, Optional<Path> deny, int maxBytes) {
        /** No lists. */
        public static final Settings NONE = new Settings(Optional.empty(), Optional.empty(), 0);
    }

    private final Optional<WatchedList<AddressSet>> allow;
    private final Optional<WatchedList<AddressSet>> deny;

    private AccessRules(Optional<WatchedList<AddressSet>> allow, Optional<WatchedList<AddressSet>> deny) {
        this.allow = allow;
        this.deny = deny;
    }

    /**
     * Reads the lists. Blocks.
     *
     * @param warn takes each line of the first list that is not understood and left out, now and after each change
     * @throws ListProblem when a file cannot be read, is too long, or has a line that is not understood and without
     *     which more clients would get in
     */
    public static AccessRules open(Settings settings, Consumer<String> warn) throws ListProblem {
        return new AccessRules(
                open(settings.allow(), Kind.ALLOW, settings.maxBytes(), warn),
                open(settings.deny(), Kind.DENY, settings.maxBytes(), warn));
    }

    private static Optional<WatchedList<AddressSet>> open(
            Optional<Path> file, Kind kind, int maxBytes, Consumer<String> warn) throws ListProblem {
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(WatchedList.open(
                        file.get(), maxBytes, (path, text) -> addresses(path, HostsFile.parse(text, kind), warn)));
    }

    private static AddressSet addresses(Path file, Parsed parsed, Consumer<String> warn) throws ListProblem {
        Optional<Note> unsafe = parsed.notes().stream().filter(Note::unsafe).findFirst();
        if (unsafe.isPresent()) {
            throw new ListProblem(shown(file, unsafe.get()));
        }
        parsed.notes().forEach(note -> warn.accept("a line is left out: " + shown(file, note)));
        return parsed.addresses();
    }

    private static String shown(Path file, Note note) {
        return file + ":" + note.line() + ": " + note.text();
    }

    /** Returns true when a client with this address may connect. Does not block. */
    public boolean allows(InetAddress client) {
        if (deny.isEmpty() || !deny.get().now().contains(client)) {
            return true;
        }
        return allow.isPresent() && allow.get().now().contains(client);
    }

    /** Reads the lists again if their files have changed. Blocks. */
    public void look() {
        allow.ifPresent(WatchedList::look);
        deny.ifPresent(WatchedList::look);
    }
}
