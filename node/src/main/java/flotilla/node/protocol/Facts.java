package flotilla.node.protocol;

import flotilla.storage.Capability;
import flotilla.storage.Entry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The facts of MLST and MLSD (RFC 3659, section 7). */
public final class Facts {
    /** A supported fact, with its name on the wire. */
    public enum Fact {
        TYPE("type"),
        SIZE("size"),
        MODIFY("modify"),
        PERM("perm"),
        UNIQUE("unique"),
        UNIX_MODE("UNIX.mode"),
        UNIX_OWNER("UNIX.owner"),
        UNIX_GROUP("UNIX.group");

        private final String wireName;

        Fact(String wireName) {
            this.wireName = wireName;
        }
    }

    private Facts() {}

    /** All facts; a session begins with them. */
    public static Set<Fact> all() {
        return EnumSet.allOf(Fact.class);
    }

    /** The facts that OPTS MLST chose; unknown facts are dropped (RFC 3659, section 7.9). */
    public static Set<Fact> parse(String list) {
        Set<Fact> chosen = EnumSet.noneOf(Fact.class);
        for (String name : list.split(";")) {
            for (Fact fact : Fact.values()) {
                if (fact.wireName.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                    chosen.add(fact);
                }
            }
        }
        return chosen;
    }

    /** The text {@code type;size;} for the reply to OPTS MLST. */
    public static String names(Set<Fact> chosen) {
        StringBuilder out = new StringBuilder();
        for (Fact fact : Fact.values()) {
            if (chosen.contains(fact)) {
                out.append(fact.wireName).append(';');
            }
        }
        return out.toString();
    }

    /** Those of the chosen facts that a store knows. */
    public static Set<Fact> known(Set<Fact> chosen, Set<Capability> store) {
        Set<Fact> known = EnumSet.noneOf(Fact.class);
        known.addAll(chosen);
        if (!store.contains(Capability.STABLE_IDENTITY)) {
            known.remove(Fact.UNIQUE);
        }
        if (!store.contains(Capability.SET_MODE)) {
            known.remove(Fact.UNIX_MODE);
        }
        return known;
    }

    /** The text {@code type*;size*;unique;} for FEAT: the facts that a store knows, with a star after each chosen one. */
    public static String feature(Set<Fact> chosen, Set<Capability> store) {
        StringBuilder out = new StringBuilder();
        for (Fact fact : known(all(), store)) {
            out.append(fact.wireName).append(chosen.contains(fact) ? "*;" : ";");
        }
        return out.toString();
    }

    /** The type's name in RFC 3659, section 7.5.1; types that depend on the system have the form of erratum 1500. */
    private static String type(Entry.Type type) {
        return switch (type) {
            case FILE -> "file";
            case DIRECTORY -> "dir";
            case LINK -> "OS.unix=symlink";
            case FIFO -> "OS.unix=fifo";
            case SOCKET -> "OS.unix=socket";
            case CHARACTER_DEVICE -> "OS.unix=chr";
            case BLOCK_DEVICE -> "OS.unix=blk";
            case OTHER -> "OS.unix=other";
        };
    }

    /**
     * Appends {@code facts SP name} without a line end.
     *
     * @param permissions the value of {@code perm} for this entry
     */
    public static void append(StringBuilder out, Set<Fact> chosen, Entry entry, String permissions, String name) {
        if (chosen.contains(Fact.TYPE)) {
            out.append("type=").append(type(entry.type())).append(';');
        }
        if (chosen.contains(Fact.SIZE) && entry.isFile()) {
            out.append("size=").append(entry.size()).append(';');
        }
        if (chosen.contains(Fact.MODIFY)) {
            out.append("modify=");
            TimeVal.append(out, entry.modifiedMillis());
            out.append(';');
        }
        if (chosen.contains(Fact.PERM)) {
            out.append("perm=").append(permissions).append(';');
        }
        if (chosen.contains(Fact.UNIQUE)) {
            out.append("unique=").append(entry.identity()).append(';');
        }
        if (chosen.contains(Fact.UNIX_MODE)) {
            out.append("UNIX.mode=0")
                    .append((char) ('0' + (entry.mode() >> 6 & 7)))
                    .append((char) ('0' + (entry.mode() >> 3 & 7)))
                    .append((char) ('0' + (entry.mode() & 7)))
                    .append(';');
        }
        if (chosen.contains(Fact.UNIX_OWNER)) {
            out.append("UNIX.owner=ftp;");
        }
        if (chosen.contains(Fact.UNIX_GROUP)) {
            out.append("UNIX.group=ftp;");
        }
        out.append(' ').append(name);
    }
}
