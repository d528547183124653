package flotilla.node.command;

/**
 * The effects and needs of a command beyond its reply. Other parts of the server ask for them before the command's
 * handler runs, or without it.
 */
public enum Effect {
    /** It changes the tree. It runs at most once, on a node that may write, and the log of changes has it. */
    CHANGES_FILES,
    /** The log of changes shows its argument as a path from the root. */
    LOGGED_AS_PATH,
    /** It needs a data connection. It uses up the endpoint and the offset of REST, even when it fails. */
    USES_DATA,
    /** Its data connection brings a file. The client may leave once it has sent all of it. */
    UPLOADS,
    /** It begins at the offset of REST (RFC 3659, section 5) and uses it up, without a data connection. */
    TAKES_OFFSET,
    /** It takes the file that RNFR named (RFC 959, section 4.1.3). No other command sees that file. */
    TAKES_RENAME_SOURCE,
    /** ABOR may end it before its reply. */
    INTERRUPTIBLE,
    /** Its argument may be a secret, so no log shows it. */
    SECRET_ARGUMENT,
    /** Its argument is the name of a user who logs in. The log reports such a login when it lacks TLS. */
    NAMES_USER,
    /** It ends a transfer or an {@link #INTERRUPTIBLE} command, and overtakes the commands that wait for that. */
    ABORTS,
    /**
     * Without an argument it reports the bytes of a running transfer, and overtakes the commands that wait for that.
     */
    TELLS_PROGRESS,
    /** It ends the session. A client that closes the connection after it has not broken it. */
    ENDS_SESSION,
    /** FEAT lists it where TLS can be started. */
    NEEDS_TLS,
    /** FEAT lists it where active mode is on. */
    NEEDS_ACTIVE_MODE,
    /** FEAT lists it where passive mode is on. */
    NEEDS_PASSIVE_MODE,
    /** It is always refused with 502, and HELP leaves it out. */
    NOT_IMPLEMENTED
}
