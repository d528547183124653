package flotilla.ops.backup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an archive holds.
 *
 * @param version of the program that made it
 * @param created time at which it was made
 * @param node name of the node
 * @param leftOut a line for each thing that is not in it, and why
 */
public record Manifest(String version, Instant created, String node, List<Entry> entries, List<String> leftOut) {
    /** Most entries of an archive. */
    static final int MOST = 1_000;

    private static final int FORMAT = 1;
    private static final Set<Integer> MODES = Set.of(0600, 0640, 0644);

    public Manifest {
        entries = List.copyOf(entries);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * An entry.
     *
     * @param name in the archive
     * @param role what it is
     * @param path where it was, and goes again: absolute and without {@code ..}; empty for the accounts and bans
     * @param mode of the file: 0600, 0640 or 0644
     * @param sha256 of the bytes in the archive, which are sealed, perhaps; lower-case hex
     */
    public record Entry(String name, Role role, String path, int mode, String sha256) {}

    /** What an entry is. Restoring writes the configuration last. */
    public enum Role {
        ACCOUNTS,
        GROUPS,
        BANS,
        SETTINGS,
        TOKENS,
        LIST,
        CERTIFICATE,
        KEY,
        CONFIGURATION;

        /** Whether it is a file that has a path, and not what the database holds. */
        public boolean isFile() {
            return this != ACCOUNTS && this != GROUPS && this != BANS && this != SETTINGS;
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT)
                .put("version", version)
                .put("created", created.toString())
                .put("node", node);
        ArrayNode array = json.putArray("entries");
        for (Entry entry : entries) {
            array.addObject()
                    .put("name", entry.name())
                    .put("role", entry.role().name())
                    .put("path", entry.path())
                    .put("mode", entry.mode())
                    .put("sha256", entry.sha256());
        }
        leftOut.forEach(json.putArray("leftOut")::add);
        return json;
    }

    /**
     * Reads a manifest. The caller has taken the seal's parameters out of it.
     *
     * @throws JsonException when it is wrong, or names a path that is not absolute
     */
    static Manifest read(JsonObject json) {
        if (json.number("format", Integer.MAX_VALUE) != FORMAT) {
            throw new JsonException("another release has made it, in a form that this one does not know");
        }
        try {
            Manifest manifest = new Manifest(
                    json.text("version"),
                    Instant.parse(json.text("created")),
                    json.text("node"),
                    json.objects("entries", Manifest::entry),
                    json.texts("leftOut"));
            Set<String> seen = new HashSet<>();
            if (manifest.entries().size() > MOST
                    || !manifest.entries().stream()
                            .allMatch(entry -> seen.add(entry.name())
                                    && (!entry.role().isFile() || seen.add("path " + entry.path())))) {
                throw new JsonException("it has an entry twice, or more than " + MOST);
            }
            return manifest;
        } catch (DateTimeException e) {
            throw new JsonException("its time cannot be read");
        }
    }

    private static Entry entry(JsonObject json) {
        Entry entry = new Entry(
                json.text("name"),
                json.choice("role", Role.class),
                json.text("path"),
                (int) json.number("mode", 0777),
                json.text("sha256"));
        json.end();
        boolean isFile = entry.role().isFile();
        boolean named =
                switch (entry.role()) {
                    case ACCOUNTS -> entry.name().equals("accounts.jsonl");
                    case GROUPS -> entry.name().equals(GroupLines.ENTRY);
                    case BANS -> entry.name().equals(BanLines.ENTRY);
                    case SETTINGS -> entry.name().equals(SettingLines.ENTRY);
                    default -> entry.name().matches("files/[0-9]{1,4}");
                };
        if (!named || !MODES.contains(entry.mode()) || isFile == entry.path().isEmpty()) {
            throw new JsonException("an entry has a wrong name or mode");
        }
        if (isFile && !isPlain(entry.path())) {
            throw new JsonException("an entry's path is not absolute, or has .. in it");
        }
        return entry;
    }

    private static boolean isPlain(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute()
                    && path.normalize().toString().equals(text)
                    && path.getFileName() != null
                    && text.chars().noneMatch(Character::isISOControl);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
