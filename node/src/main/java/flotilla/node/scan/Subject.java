package flotilla.node.scan;

/**
 * An upload that is scanned, and whose it is.
 *
 * @param path its virtual path
 * @param user name of the user
 * @param session id of the session
 */
public record Subject(String path, String user, String session) {}
