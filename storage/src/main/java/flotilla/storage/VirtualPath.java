package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute path in a user's tree. It is normalised and never leads above the root. Components hold no {@code /} and
 * no NUL, and are neither {@code .} nor {@code ..}. {@code ..} at the root stays at the root: RFC 959 leaves this open,
 * and clients expect it.
 */
public final class VirtualPath implements Comparable<VirtualPath> {
    /** Longest component, in bytes of UTF-8 or of the name that it stands for ({@link EscapedName}). */
    public static final int MAX_COMPONENT_BYTES = 255;
    /** Longest path, in bytes of UTF-8. */
    public static final int MAX_PATH_BYTES = 4096;
    /** Most components of a path. */
    public static final int MAX_DEPTH = 128;

    /** The root of a user's tree. */
    public static final VirtualPath ROOT = new VirtualPath(List.of());

    private final List<String> components;

    private VirtualPath(List<String> components) {
        this.components = components;
    }

    /**
     * Reads an absolute path. A relative one starts at the root.
     *
     * @throws StorageException {@code INVALID_NAME} as for {@link #resolve}
     */
    public static VirtualPath of(String path) throws StorageException {
        return ROOT.resolve(path);
    }

    /**
     * Returns this path followed by {@code path}, or {@code path} alone when it begins with {@code /}.
     *
     * @throws StorageException {@code INVALID_NAME} when it exceeds a limit above or holds NUL
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

    /** Returns the names from the root down; empty for the root. */
    public List<String> components() {
        return components;
    }

    /** Returns whether this is the root. */
    public boolean isRoot() {
        return components.isEmpty();
    }

    /** Returns the directory that holds this path. The root is its own parent. */
    public VirtualPath parent() {
        return components.size() <= 1 ? ROOT : new VirtualPath(components.subList(0, components.size() - 1));
    }

    /** Returns the last component; empty for the root. */
    public String name() {
        return components.isEmpty() ? "" : components.get(components.size() - 1);
    }

    /** Returns whether this path is {@code ancestor} or lies below it. */
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

    /** Returns the path with {@code /} before each component; {@code /} for the root. */
    @Override
    public String toString() {
        return components.isEmpty() ? "/" : "/" + String.join("/", components);
    }
}
