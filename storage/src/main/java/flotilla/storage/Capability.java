package flotilla.storage;

/**
 * An ability that not every store has. {@link StorageBackend#capabilities} tells which ones a backend has. A backend
 * without one throws {@code UNSUPPORTED} where it is asked for it, and clients get 504; FEAT and MLST do not offer to a
 * user what the user's store lacks.
 */
public enum Capability {
    /**
     * A rename is one step for everybody who looks. Without it RNFR and RNTO work, but others may see both names for a
     * while, and a node that dies meanwhile may leave both; they never see neither.
     */
    ATOMIC_RENAME,
    /**
     * {@link Entry#identity} stays the same when an object is renamed. Without it the identity belongs to an object
     * under its name, MLST and MLSD have no fact {@code unique} (RFC 3659, section 7.5.2).
     */
    STABLE_IDENTITY,
    /**
     * The modification time can be set. Without it MFMT, MFF with Modify, SITE UTIME and MDTM with a time are refused.
     */
    SET_TIME,
    /**
     * Permission bits are kept and can be set. Without it SITE CHMOD and MFF with UNIX.mode are refused, and there is
     * no fact {@code UNIX.mode}.
     */
    SET_MODE,
    /**
     * A listing can come in the order of names ({@link Listing.Order#NAME}). Without it the node sorts the listings of
     * LIST and STAT, if they fit in the memory for listings, and sends them as they come otherwise.
     */
    NAME_ORDER,
    /** The bytes that can still be stored are known. Without it AVBL is refused. */
    FREE_BYTES,
    /** Bytes can be added to a file or to a part. Without it APPE is refused. */
    APPEND,
    /**
     * An upload can go on at an offset, in the part that a broken upload left or in a file. Without it REST before STOR
     * is refused, and broken uploads leave nothing; REST before RETR works.
     */
    RESUME
}
