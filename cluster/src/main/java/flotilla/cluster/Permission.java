package flotilla.cluster;

/** What a user may do below a path. */
public enum Permission {
    READ,
    WRITE,
    APPEND,
    DELETE,
    RENAME,
    MAKE_DIRECTORY,
    LIST,
    CHANGE_ATTRIBUTES
}
