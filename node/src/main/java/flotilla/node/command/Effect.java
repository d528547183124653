package flotilla.node.command;

/** What a command does or needs beyond its reply, for those who must know before its handler runs, or without it. */
public enum Effect {
    /** It changes the tree: it is done at most once, by a node that is sure of itself, and the log of changes has it. */
    CHANGES_FILES,
    /** The log of changes shows its argument as a path from the root. */
    LOGGED_AS_PATH,
    /** It needs a data connection: the endpoint and the offset of REST are used up, whether it succeeds or not. */
    USES_DATA,
    /** Its data connection brings a file: the client may leave once it has sent all of it. */
    UPLOADS,
    /** It begins at the offset of REST (RFC 3659, section 5), which is used up, without a data connection. */
    TAKES_OFFSET,
    /** It takes what RNFR named (RFC 959, section 4.1.3); no other command sees that. */
    TAKES_RENAME_SOURCE,
    /** ABOR may end it before its reply. */
    INTERRUPTIBLE,
    /** Its argument may be a secret: no log shows it. */
    SECRET_ARGUMENT,
    /** Its argument is the name of a user who logs in: the log tells when TLS was missing. */
    NAMES_USER,
    /** It ends a transfer, or a command that is {@link #INTERRUPTIBLE}, and overtakes the commands that wait for it. */
    ABORTS,
    /** Without an argument it tells the bytes of a running transfer, and overtakes the commands that wait for it. */
    TELLS_PROGRESS,
    /** It ends the session; a client that closes the connection behind it has not broken it. */
    ENDS_SESSION,
    /** FEAT has it where TLS can be started. */
    NEEDS_TLS,
    /** FEAT has it where active mode is on. */
    NEEDS_ACTIVE_MODE,
    /** It is always refused with 502; HELP leaves it out. */
    NOT_IMPLEMENTED
}
