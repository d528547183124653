package flotilla.ops.config;

import flotilla.node.command.Policy.OptIn;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The keys of {@code flotilla.protocol} that say what clients see. */
final class ProtocolKeys {
    private static final Map<OptIn, String> OPT_INS = new EnumMap<>(Map.of(
            OptIn.CCC, "flotilla.tls.allow-ccc",
            OptIn.REIN, "flotilla.protocol.allow-rein",
            OptIn.MODE_Z, "flotilla.protocol.mode-z",
            OptIn.RECURSIVE_LISTING, "flotilla.protocol.recursive-listings",
            OptIn.SESSION_ID, "flotilla.protocol.tell-session"));

    private final Keys keys;

    ProtocolKeys(Keys keys) {
        this.keys = keys;
    }

    /** Returns the commands that are off by default and allowed. */
    Set<OptIn> optIns() {
        Set<OptIn> allowed = EnumSet.noneOf(OptIn.class);
        OPT_INS.forEach((what, key) -> {
            if (keys.flag(key)) {
                allowed.add(what);
            }
        });
        return allowed;
    }

    /** Returns the time zone of LIST. */
    ZoneId listTimeZone() {
        String key = "flotilla.protocol.list-time-zone";
        String name = keys.text(key);
        if (name.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        if (name.equals("system")) {
            return ZoneId.systemDefault();
        }
        Set<String> known = ZoneId.getAvailableZoneIds();
        if (known.contains(name)) {
            return ZoneId.of(name);
        }
        keys.note(
                key,
                "must be UTC, system or a time zone such as Europe/Berlin, not " + name + Suggestion.of(name, known));
        return ZoneOffset.UTC;
    }

    /** Returns the name of the file that CWD shows; empty for none. */
    String directoryMessage() {
        String key = "flotilla.protocol.directory-message";
        String name = keys.text(key);
        try {
            boolean whole = VirtualPath.ROOT.resolve(name).name().equals(name);
            if (!whole) {
                keys.note(key, "must be the name of a file without a directory, such as .message, not " + name);
            }
        } catch (StorageException e) {
            keys.note(key, "cannot be the name of a file: " + name);
        }
        return name;
    }
}
