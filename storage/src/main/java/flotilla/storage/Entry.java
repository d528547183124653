package flotilla.storage;

/**
 * A file or directory as a backend knows it.
 *
 * @param name last component of the path; empty for the root
 * @param type file, directory, or an object that can be listed but not opened
 * @param size bytes; 0 for directories
 * @param modifiedMillis last modification, milliseconds since 1970 UTC
 * @param mode POSIX permission bits, 0 to 0777
 * @param identity text without a fixed format (device and inode on a local disk); it differs for another object under
 *     the same name. With {@link Capability#STABLE_IDENTITY} it stays the same when the object is renamed.
 */
public record Entry(String name, Type type, long size, long modifiedMillis, int mode, String identity) {
    /** The kind of an entry. A symbolic link that is followed has the type of its target. */
    public enum Type {
        FILE,
        DIRECTORY,
        /** A symbolic link that has no target or is not followed. */
        LINK,
        FIFO,
        SOCKET,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        /** Neither a file nor a directory, of an unknown kind. */
        OTHER
    }

    /** Returns whether this is a regular file. */
    public boolean isFile() {
        return type == Type.FILE;
    }

    /** Returns whether this is a directory. */
    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    /** Returns whether this is a link that is not followed. */
    public boolean isLink() {
        return type == Type.LINK;
    }

    /** Returns the same entry with another size, in bytes. */
    public Entry sized(long newSize) {
        return new Entry(name, type, newSize, modifiedMillis, mode, identity);
    }

    /** Returns the same entry with another type. */
    public Entry as(Type newType) {
        return new Entry(name, newType, size, modifiedMillis, mode, identity);
    }

    /** Returns the same entry with another name. */
    public Entry named(String newName) {
        return new Entry(newName, type, size, modifiedMillis, mode, identity);
    }
}
