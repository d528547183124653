package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute path in a user's tree: normalised, and never above its root. Components hold no {@code /}, no NUL and are
 * neither {@code .} nor {@code ..}; {@code ..} above the root stays at the root (RFC 959 leaves it open, this is what
 * clients expect).
 */
public final class VirtualPath implements Comparable<VirtualPath> {
    /** Longest component, in bytes of UTF-8 or of the name that it stands for ({@link EscapedName}). */
    public static final int MAX_COMPONENT_BYTES = 255;
    /** Longest path, in UTF-8 bytes. */
    public static final int MAX_PATH_BYTES = 4096;
    /** Most components of a path. */
    public static final int MAX_DEPTH = 128;

    public static final VirtualPath ROOT = new VirtualPath(List.of());

    private final List<String> components;

    private VirtualPath(List<String> components) {
        this.components = components;
    }

    /** Reads an absolute path; a relative one is taken from the root. */
    public static VirtualPath of(String path) throws StorageException {
        return ROOT.resolve(path);
    }

    /**
     * This path followed by {@code path}, or {@code path} alone when it begins with {@code /}.
     *
     * @throws StorageException {@code INVALID_NAME} when a limit above is exceeded or a component holds NUL
     */
    public VirtualPath resolve(String path) throws StorageException {
        if (path.indexOf('\0') >= 0) {
            throw new StorageException(Reason.INVALID_NAME, "a name holds NUL");
        }
        List<String> resolved = path.startsWith("/") ? new ArrayList<>() : new ArrayList<>(components);
        for (String component : path.split("/", -1)) {
            if (component.equals("..")) {
                if (!resolved.isEmpty()) {
                    resolved.remove(resolved.size() - 1);
                }
            } else if (!component.isEmpty() && !component.equals(".")) {
                resolved.add(component);
            }
        }
        checkLimits(resolved);
        return resolved.isEmpty() ? ROOT : new VirtualPath(List.copyOf(resolved));
    }

    private static void checkLimits(List<String> components) throws StorageException {
        int bytes = 0;
        for (String component : components) {
            int length = component.getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_COMPONENT_BYTES && EscapedName.bytes(component).length > MAX_COMPONENT_BYTES) {
                throw new StorageException(Reason.INVALID_NAME, "a name is too long");
            }
            bytes += length + 1;
        }
        if (bytes > MAX_PATH_BYTES || components.size() > MAX_DEPTH) {
            throw new StorageException(Reason.INVALID_NAME, "the path is too long");
        }
    }

    /** The names from the root down; empty for the root. */
    public List<String> components() {
        return components;
    }

    public boolean isRoot() {
        return components.isEmpty();
    }

    /** The directory that holds this path; the root is its own parent. */
    public VirtualPath parent() {
        return components.size() <= 1 ? ROOT : new VirtualPath(components.subList(0, components.size() - 1));
    }

    /** The last component; empty for the root. */
    public String name() {
        return components.isEmpty() ? "" : components.get(components.size() - 1);
    }

    /** Whether this path is {@code ancestor} or lies below it. */
    public boolean startsWith(VirtualPath ancestor) {
        return components.size() >= ancestor.components.size()
                && components.subList(0, ancestor.components.size()).equals(ancestor.components);
    }

    @Override
    public int compareTo(VirtualPath other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VirtualPath path && components.equals(path.components);
    }

    @Override
    public int hashCode() {
        return components.hashCode();
    }

    /** The path with {@code /} before each component; {@code /} for the root. */
    @Override
    public String toString() {
        return components.isEmpty() ? "/" : "/" + String.join("/", components);
    }
}
