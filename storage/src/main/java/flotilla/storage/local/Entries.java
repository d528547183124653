package flotilla.storage.local;

import flotilla.storage.Entry;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** Converts attributes to entries, and permission bits to Java's sets and back. */
final class Entries {
    /** In the order of the bits, 0400 first. */
    private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();

    private Entries() {}

    static Entry entry(String name, PosixFileAttributes attributes) {
        Entry.Type type = type(attributes);
        return new Entry(
                name,
                type,
                type == Entry.Type.FILE ? attributes.size() : 0,
                attributes.lastModifiedTime().toMillis(),
                mode(attributes),
                identity(attributes));
    }

    static Entry.Type type(BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return Entry.Type.FILE;
        }
        if (attributes.isDirectory()) {
            return Entry.Type.DIRECTORY;
        }
        return attributes.isSymbolicLink() ? Entry.Type.LINK : Entry.Type.OTHER;
    }

    /** Returns device and inode. The JDK shows them only as the text {@code (dev=fd00,ino=1234)}. */
    static String identity(BasicFileAttributes attributes) {
        String key = String.valueOf(attributes.fileKey());
        int comma = key.indexOf(",ino=");
        return comma < 0 ? key : key.substring(5, comma) + "-" + key.substring(comma + 5, key.length() - 1);
    }

    static String device(BasicFileAttributes attributes) {
        String identity = identity(attributes);
        return identity.substring(0, Math.max(0, identity.indexOf('-')));
    }

    /** Returns the inode alone: nodes that mount the same storage may know its device by different numbers. */
    static String inode(BasicFileAttributes attributes) {
        String identity = identity(attributes);
        return identity.substring(identity.indexOf('-') + 1);
    }

    static boolean same(BasicFileAttributes one, BasicFileAttributes other) {
        return Objects.equals(one.fileKey(), other.fileKey());
    }

    static int mode(PosixFileAttributes attributes) {
        Set<PosixFilePermission> permissions = attributes.permissions();
        int mode = 0;
        for (int i = 0; i < PERMISSIONS.length; i++) {
            if (permissions.contains(PERMISSIONS[i])) {
                mode |= 0400 >> i;
            }
        }
        return mode;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < PERMISSIONS.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(PERMISSIONS[i]);
            }
        }
        return permissions;
    }
}
