package flotilla.node.tree;

import flotilla.cluster.Permission;
import flotilla.storage.Entry;
import flotilla.storage.VirtualPath;
import java.util.function.BooleanSupplier;

/** The value of the MLST fact {@code perm} (RFC 3659, section 7.5.5): what a user may do with an entry. */
final class PermFact {
    private PermFact() {}

    /**
     * Returns the letters.
     *
     * @param appends whether the store can append to files
     */
    static String of(Mount mount, VirtualPath path, Entry entry, BooleanSupplier appends) {
        StringBuilder letters = new StringBuilder(8);
        boolean delete = mount.allows(Permission.DELETE, path);
        boolean write = mount.allows(Permission.WRITE, path);
        boolean rename = write && mount.allows(Permission.RENAME, path);
        if (entry.isDirectory()) {
            boolean stays = path.isRoot() || mount.mounts().isFixed(path);
            add(letters, 'c', write);
            add(letters, 'd', delete && !stays);
            letters.append('e');
            add(letters, 'f', rename && !stays);
            add(letters, 'l', mount.allows(Permission.LIST, path));
            add(letters, 'm', mount.allows(Permission.MAKE_DIRECTORY, path));
            add(letters, 'p', delete);
        } else if (entry.isFile()) {
            add(letters, 'a', mount.allows(Permission.APPEND, path) && appends.getAsBoolean());
            add(letters, 'd', delete);
            add(letters, 'f', rename);
            add(letters, 'r', mount.allows(Permission.READ, path));
            add(letters, 'w', write && delete);
        } else {
            add(letters, 'd', delete);
        }
        return letters.toString();
    }

    private static void add(StringBuilder letters, char letter, boolean allowed) {
        if (allowed) {
            letters.append(letter);
        }
    }
}
