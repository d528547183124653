package flotilla.cluster;

/** An action that a user may be allowed below a path. */
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
