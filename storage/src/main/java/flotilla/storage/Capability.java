package flotilla.storage;

/**
 * An ability that not every store has. {@link StorageBackend#capabilities} lists those of a backend. A backend that
 * lacks one throws {@code UNSUPPORTED} for requests that need it, and clients get 504. FEAT and MLST offer a user only
 * what his store can do.
 */
public enum Capability {
    /**
     * A rename is one step for every observer. Without it RNFR and RNTO work, but others may see both names for a
     * while. A node that dies during the rename may leave both names; it never leaves neither.
     */
    ATOMIC_RENAME,
    /**
     * {@link Entry#identity} stays the same when an object is renamed. Without it the identity belongs to an object
     * under its name, and MLST and MLSD have no fact {@code unique} (RFC 3659, section 7.5.2).
     */
    STABLE_IDENTITY,
    /**
     * The modification time can be set. Without it MFMT, MFF with Modify, SITE UTIME and MDTM with a time are refused.
     */
    SET_TIME,
    /**
     * Permission bits are stored and can be set. Without it SITE CHMOD, SITE UMASK and MFF with UNIX.mode are refused,
     * there is no fact {@code UNIX.mode}, and the umask of an account has no effect.
     */
    SET_MODE,
    /**
     * A listing can be ordered by name ({@link Listing.Order#NAME}). Without it the node sorts the listings of LIST and
     * STAT if they fit in the memory for listings. It sends the others in the order of the store.
     */
    NAME_ORDER,
    /** The number of bytes that can still be stored is known. Without it AVBL is refused. */
    FREE_BYTES,
    /** Bytes can be appended to a file or to a part. Without it APPE is refused. */
    APPEND,
    /**
     * An upload can resume at an offset, in the part of a broken upload or in a file. Without it REST before STOR is
     * refused, and broken uploads leave nothing. REST before RETR works without it.
     */
    RESUME
}
