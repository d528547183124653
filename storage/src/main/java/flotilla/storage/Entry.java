package flotilla.storage;

/**
 * What a backend knows of a file or directory.
 *
 * @param name last component of the path; empty for the root
 * @param type file, directory, or something that can be listed but not opened
 * @param size bytes; 0 for directories
 * @param modifiedMillis last modification, milliseconds since 1970 UTC
 * @param mode POSIX permission bits, 0 to 0777
 * @param identity different for another object under the same name (device and inode); the same for the same object
 *     whatever its name, with {@link Capability#STABLE_IDENTITY}
 */
public record Entry(String name, Type type, long size, long modifiedMillis, int mode, String identity) {
    /** What an entry is. Symbolic links that are followed are reported as what they lead to. */
    public enum Type {
        FILE,
        DIRECTORY,
        /** A symbolic link that leads to nothing, or is not followed. */
        LINK,
        FIFO,
        SOCKET,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        /** Neither file nor directory, and nothing more is known. */
        OTHER
    }

    public boolean isFile() {
        return type == Type.FILE;
    }

    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    public boolean isLink() {
        return type == Type.LINK;
    }

    /** The same entry with another size. */
    public Entry sized(long newSize) {
        return new Entry(name, type, newSize, modifiedMillis, mode, identity);
    }

    /** The same entry as something else. */
    public Entry as(Type newType) {
        return new Entry(name, newType, size, modifiedMillis, mode, identity);
    }

    /** The same entry under another name. */
    public Entry named(String newName) {
        return new Entry(newName, type, size, modifiedMillis, mode, identity);
    }
}
